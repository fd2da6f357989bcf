/**
 * Machines of systemd-nspawn(1): what systemd-machined(8) wrote of them, or without it the process
 * systemd-nspawn itself. Virtual machines that machined knows are none of ours.
 */
import { basename } from 'node:path';
import { processIds } from '../host/namespaces.ts';
import { commandLineOf, processStat } from '../host/process-stat.ts';
import { isThere, namesIn, readStateFile } from '../host/state-file.ts';
import type { Found, Runtime } from './runtime.ts';

const REGISTERED = '/run/systemd/machines';
/** Directories that systemd-nspawn makes for each machine while it runs. */
const RUNNING = ['/run/systemd/nspawn/propagate', '/run/systemd/nspawn/unix-export'];
const IMAGES = '/var/lib/machines';

export const nspawn = {
  word: 'nspawn',
  scope: null,
  async find(name): Promise<Found[]> {
    const known = { name, id: null };
    const pid = leaderOf(name);
    if (pid !== null) return [{ ...known, state: 'running', pid }];
    if (![name, `${name}.raw`].some((image) => isThere(`${IMAGES}/${image}`))) return [];
    return [{ ...known, state: 'stopped', status: 'stopped', isStarting: false }];
  },
  async list() {
    const images = namesIn(IMAGES).map((image) => image.replace(/\.raw$/, ''));
    const machines = [...namesIn(REGISTERED), ...RUNNING.flatMap(namesIn)];
    const running = [...new Set(machines)].filter((name) => leaderOf(name) !== null);
    return [...new Set([...running, ...images])]
      .filter((name) => !name.startsWith('.'))
      .map((name) => ({ name, isRunning: running.includes(name) }));
  },
  start: (name) => `machinectl start ${name}`,
} as const satisfies Runtime;

/** The process that is PID 1 inside. */
function leaderOf(name: string): number | null {
  const registered = machineLeader(readStateFile(`${REGISTERED}/${name}`) ?? '');
  if (registered !== null) return processStat(registered) === null ? null : registered;
  if (!RUNNING.some((directory) => isThere(`${directory}/${name}`))) return null;
  const parent = processIds().find(
    (pid) => processStat(pid)?.comm === 'systemd-nspawn' && machineName(commandLineOf(pid)) === name,
  );
  if (parent === undefined) return null;
  const [child] = (readStateFile(`/proc/${parent}/task/${parent}/children`) ?? '').split(' ');
  return child ? Number(child) : null;
}

/** @param text machined's file of a machine, a variable a line */
export function machineLeader(text: string): number | null {
  if (/^CLASS=(?!container)/m.test(text)) return null;
  const leader = /^LEADER=(\d+)$/m.exec(text)?.[1];
  return leader === undefined ? null : Number(leader);
}

/**
 * The name that a systemd-nspawn gives its machine.
 *
 * @param words of its command line
 */
export function machineName(words: readonly string[]): string | null {
  const value = (short: string, long: string) => {
    for (const [i, word] of words.entries()) {
      if (word === `-${short}` || word === `--${long}`) return words[i + 1] ?? null;
      if (word.startsWith(`--${long}=`)) return word.slice(long.length + 3);
      if (/^-\w./.test(word) && word.startsWith(`-${short}`)) return word.slice(2);
    }
    return null;
  };
  const directory = value('D', 'directory');
  return value('M', 'machine') ?? (directory && basename(directory)) ?? imageName(value('i', 'image'));
}

function imageName(image: string | null): string | null {
  return image === null ? null : basename(image).replace(/\.raw$/, '');
}
