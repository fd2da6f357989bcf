/** Which `ip` this machine has, and plans in that one's words. */
import { realpathSync, statSync } from 'node:fs';
import { inBusyboxWords } from '../plan/busybox.ts';
import type { Plan } from '../plan/step.ts';
import { findInSystem } from './environment.ts';

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
  const ip = findInSystem('ip');
  if (ip === null) return false;
  if (/\/busybox[^/]*$/.test(realpathSync(ip))) return true;
  const busybox = findInSystem('busybox');
  if (busybox === null) return false;
  const [one, other] = [statSync(ip), statSync(busybox)];
  return one.ino === other.ino && one.dev === other.dev;
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
