/** Which `ip` this machine has, and plans in that one's words. */
import { realpathSync, type Stats, statSync } from 'node:fs';
import { inBusyboxWords } from '../plan/busybox.ts';
import type { Plan } from '../plan/step.ts';
import { childEnvironment } from './environment.ts';

let known: boolean | undefined;

/**
 * Is `ip` busybox's? Told without a process: as a symbolic link, a hard link or a mount it is the very
 * file that `busybox` is.
 */
export function ipIsBusybox(): boolean {
  known ??= isBusybox();
  return known;
}

function isBusybox(): boolean {
  const ip = find('ip');
  if (ip === null) return false;
  if (/\/busybox[^/]*$/.test(realpathSync(ip.path))) return true;
  const busybox = find('busybox');
  return busybox !== null && busybox.stats.ino === ip.stats.ino && busybox.stats.dev === ip.stats.dev;
}

/** The file that a child process would run. */
function find(name: string): { path: string; stats: Stats } | null {
  for (const directory of childEnvironment().PATH?.split(':') ?? []) {
    const path = `${directory}/${name}`;
    try {
      const stats = statSync(path);
      if (stats.isFile()) return { path, stats };
    } catch {
      // Not there, or not for this user to see.
    }
  }
  return null;
}

/**
 * The plan as it can be carried out here.
 *
 * @param plan in iproute2's words
 * @throws StateError for a step that the tools of this machine have no words for
 */
export function inOwnWords<P extends Plan>(plan: P): P {
  return ipIsBusybox() ? inBusyboxWords(plan) : plan;
}
