/** A conversation with the machine's `ip`, whichever it has. */
import { BusyboxSession } from './busybox-session.ts';
import type { Answer } from './ip-answer.ts';
import { ipIsBusybox } from './ip-dialect.ts';
import { INSIDE_AND_HOST, IP, RULES_AND_HOST, SYSCTL_THEN_IP } from './ip-processes.ts';
import { IpSession } from './ip-session.ts';
import { lockWrapper } from './lock.ts';
import { Pipes } from './pipes.ts';

/** A setting below /proc/sys, with slashes: `net/ipv4/conf/eth1/arp_notify`. */
export interface Sysctl {
  readonly path: string;
  readonly value: string;
}

export interface Session {
  /**
   * Asks one thing: `addr show [dev NAME | type KIND | master NAME]` or `route show exact default table all`;
   * of iproute2 also others.
   *
   * @param words what follows `ip`
   * @throws SessionEnded when the process behind it is gone
   */
  read(words: readonly string[]): Promise<Answer>;
  /** The same for several things, at once where that is possible. */
  readAll(questions: readonly (readonly string[])[]): Promise<Answer[]>;
  /** Changes one thing; throws likewise. */
  change(words: readonly string[]): Promise<Answer>;
  /**
   * The same for several things; one that fails is none's hindrance.
   *
   * @param sysctls written before
   * @returns an answer for each sysctl, then for each change
   */
  changeAll(changes: readonly (readonly string[])[], sysctls: readonly Sysctl[]): Promise<Answer[]>;
  /**
   * Changes one thing, and asks several.
   *
   * @returns also the answers; null: they are to be asked for anew
   */
  changeThenRead(
    change: readonly string[],
    questions: readonly (readonly string[])[],
  ): Promise<[Answer, Answer[] | null]>;
  /**
   * Writes below /proc/sys; throws likewise.
   *
   * @param isLast what comes next is for `ip`
   */
  sysctl(path: string, value: string, isLast: boolean): Promise<Answer>;
  /** Has it ended? */
  readonly isOver: boolean;
  /** May a sysctl still be written by it? */
  readonly takesSysctls: boolean;
  /** Ends it at once; only while nothing has been changed by it. */
  kill(): void;
  /** Lets it end, and waits for that. */
  close(): Promise<void>;
}

/**
 * Begins one on the host.
 *
 * @param lockSeconds how long to wait for the lock, which it then holds; null: none is taken
 */
export function hostSession(lockSeconds: number | null): Session {
  if (ipIsBusybox()) return BusyboxSession.onHost(lockSeconds);
  return IpSession.onHost(lockSeconds === null ? [] : lockWrapper(lockSeconds));
}

/** A conversation that is ready to begin in a namespace. */
export interface Spare {
  /**
   * @param path to the namespace
   * @returns null when its process has ended
   */
  begin(path: string): Session | null;
  close(): void;
}

export interface HostAndSpare {
  readonly host: Session;
  /** Null: there is none. */
  readonly spare: Spare | null;
  /** What `src/host/firewall.ts` reads; empty where nothing was asked. */
  readonly report: Promise<string>;
}

/**
 * Begins one on the host, and by that very process one in a namespace that is named later, where that is cheaper than to
 * begin it then: this process forks once, the rest is a small shell's.
 *
 * @param rulesets commands of firewalls that are asked for their rules as soon as the lock is had
 */
export function hostSessionWithSpare(lockSeconds: number, rulesets: readonly string[]): HostAndSpare {
  if (ipIsBusybox()) return { host: hostSession(lockSeconds), spare: null, report: Promise.resolve('') };
  const isAsked = rulesets.length > 0;
  const asking = isAsked ? ['sh', '-c', RULES_AND_HOST, rulesets.join(' ')] : [];
  const words = ['sh', '-c', INSIDE_AND_HOST, SYSCTL_THEN_IP, ...lockWrapper(lockSeconds), ...asking, ...IP];
  const [host, inside, report] = Pipes.toTwo(words, isAsked);
  const begin = (path: string) => {
    if (inside.ended !== null) return null;
    inside.write(`${path}\n`);
    return new IpSession(inside, false);
  };
  return { host: new IpSession(host, true), spare: { begin, close: () => void inside.close() }, report };
}

/** Begins one in the namespace behind a descriptor of this process's. */
export function netnsSession(fd: number): Session {
  return ipIsBusybox() ? BusyboxSession.inNetns(fd) : IpSession.inNetns(fd);
}
