/** Files that other programs keep their state in; some are written by unprivileged users. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** 64 MiB: a list of a hundred thousand containers. */
const FILE_BYTES = 64 * 1024 * 1024;

/** 1 MiB, for files that any user may write. */
export const USER_FILE_BYTES = 1024 * 1024;

/**
 * Reads a file. What is no ordinary file is not read: a pipe somebody put there would never end.
 *
 * @param limit in bytes; what is longer is not read
 * @returns null when there is none
 * @throws the system's error when it may not be read
 */
export function readStateFile(path: string, limit = FILE_BYTES): string | null {
  const fd = unlessAbsent(() => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
  if (fd === null) return null;
  try {
    const stat = fstatSync(fd);
    return stat.isFile() && stat.size <= limit ? unlessAbsent(() => readFileSync(fd, 'utf8')) : null;
  } finally {
    closeSync(fd);
  }
}

/** The JSON in a file; null when there is none, or half of it is written only. */
export function readStateJson(path: string, limit = FILE_BYTES): unknown {
  const text = readStateFile(path, limit);
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

/** The user a path belongs to; null when there is none. */
export function ownerOf(path: string): number | null {
  return unlessAbsent(() => statSync(path).uid);
}

/**
 * Can nobody but root change what is at this path? Neither it nor a directory above it is another's, or
 * writable for others; the sticky bit is no help against new names.
 */
export function isRootsAlone(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    const stat = unlessAbsent(() => lstatSync(at));
    if (stat === null || stat.isSymbolicLink() || stat.uid !== 0 || (stat.mode & 0o022) !== 0) return false;
    if (at === '/' || at === '.') return at === '/';
  }
}

function unlessAbsent<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    // ESRCH: a file below /proc whose process ended; ENXIO: a socket; the last: a NUL in the path.
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ESRCH', 'ENXIO', 'ERR_INVALID_ARG_VALUE'].includes(code);
}
