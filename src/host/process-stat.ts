/** What the kernel tells of a process (proc_pid_stat(5), user_namespaces(7)). */
import { readlinkSync } from 'node:fs';
import { readStateFile } from './state-file.ts';

export interface ProcessStat {
  /** The program's name, at most 15 bytes. */
  readonly comm: string;
  /** `R`, `S` ...; `Z` and `X` have ended. */
  readonly state: string;
  readonly ppid: number;
  /** It has no program: the kernel's own. */
  readonly isKernelThread: boolean;
  /** Clock ticks after the boot; with the PID it names one process for good. */
  readonly started: number;
}

/** include/linux/sched.h */
const PF_KTHREAD = 0x00200000;

/** @returns null when there is no such process */
export function processStat(pid: number | string): ProcessStat | null {
  const text = readStateFile(`/proc/${pid}/stat`);
  return text === null ? null : parseProcessStat(text);
}

/** @param text the line of /proc/PID/stat; the program's name in it may hold anything */
export function parseProcessStat(text: string): ProcessStat | null {
  const [begin, end] = [text.indexOf('('), text.lastIndexOf(')')];
  if (begin === -1 || end < begin) return null;
  const fields = text.slice(end + 2).split(' ');
  return {
    comm: text.slice(begin + 1, end),
    state: fields[0] ?? '',
    ppid: Number(fields[1]),
    isKernelThread: (Number(fields[6]) & PF_KTHREAD) !== 0,
    started: Number(fields[19]),
  };
}

export function hasEnded(stat: ProcessStat | null): boolean {
  return stat === null || stat.state === 'Z' || stat.state === 'X';
}

/** The words a process was started with, or the title it gave itself; none when it is gone. */
export function commandLineOf(pid: number | string): string[] {
  const text = (readStateFile(`/proc/${pid}/cmdline`) ?? '').replace(/\0$/, '');
  return text === '' ? [] : text.split('\0');
}

/** The PID namespace of a process, `pid:[4026531836]`; null when it is not to be seen. */
export function pidNamespaceOf(pid: number | 'self'): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
}

export interface IdRange {
  /** The first user ID outside. */
  readonly first: number;
  readonly count: number;
}

/** The users outside that the users of a process's user namespace stand for. */
export function mappedUsers(pid: number): IdRange[] {
  return (readStateFile(`/proc/${pid}/uid_map`) ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([, first, count]) => (first === undefined || count === undefined ? [] : [{ first, count }]));
}
