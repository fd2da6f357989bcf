/**
 * One netwire at a time. The lock is flock(2)'s, held by the very `ip` that asks and changes, so it
 * goes when that goes, whatever ends it.
 */
import { chmodSync, closeSync, constants, fstatSync, openSync } from 'node:fs';

const LOCK_FILE = '/run/netwire.lock';

/** Status of flock(1) when time is up; one that ip does not use. */
export const LOCK_TIMEOUT_STATUS = 75;

/**
 * @param seconds how long to wait for the lock
 * @returns the words to put before the command that shall hold it
 */
export function lockWrapper(seconds: number): string[] {
  return ['flock', '--no-fork', '--conflict-exit-code', String(LOCK_TIMEOUT_STATUS), '-w', String(seconds), lockFile()];
}

/**
 * A file that root alone can open, so that nobody else can hold it. Where /run cannot be written (a
 * user namespace) the network namespace itself is locked: nobody but its owner works in it.
 */
export function lockFile(): string {
  try {
    const fd = openSync(LOCK_FILE, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    try {
      if (fstatSync(fd).mode & 0o077) chmodSync(LOCK_FILE, 0o600);
    } finally {
      closeSync(fd);
    }
    return LOCK_FILE;
  } catch {
    return '/proc/self/ns/net';
  }
}
