/** Files that other programs keep their state in; some are written by unprivileged users. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';

/** 64 MiB: a list of a hundred thousand containers. */
const FILE_BYTES = 64 * 1024 * 1024;

/**
 * Reads a file. What is no ordinary file is not read: a pipe somebody put there would never end.
 *
 * @returns null when there is none
 * @throws the system's error when it may not be read
 */
export function readStateFile(path: string): string | null {
  const fd = unlessAbsent(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  if (fd === null) return null;
  try {
    const stat = fstatSync(fd);
    return stat.isFile() && stat.size <= FILE_BYTES ? readFileSync(fd, 'utf8') : null;
  } finally {
    closeSync(fd);
  }
}

/** The JSON in a file; null when there is none, or half of it is written only. */
export function readStateJson(path: string): unknown {
  const text = readStateFile(path);
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** The names in a directory; none when there is no such directory. */
export function namesIn(directory: string): string[] {
  return unlessAbsent(() => readdirSync(directory)) ?? [];
}

/**
 * Is there anything at that path?
 *
 * @throws the system's error when this user may not know
 */
export function isThere(path: string): boolean {
  return unlessAbsent(() => statSync(path)) !== null;
}

/** A path without symbolic links in it; null when it leads nowhere. */
export function realPath(path: string): string | null {
  return unlessAbsent(() => realpathSync(path));
}

/** The user a path belongs to; null when there is none. */
export function ownerOf(path: string): number | null {
  return unlessAbsent(() => statSync(path).uid);
}

function unlessAbsent<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    // ESRCH: a file below /proc whose process ended.
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ESRCH'].includes(code);
}
