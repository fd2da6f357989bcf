/** Network namespaces, opened once and held by a descriptor (network_namespaces(7), namespaces(7)). */
import { closeSync, constants, fstatSync, openSync, readlinkSync, statfsSync, statSync } from 'node:fs';

/** include/uapi/linux/magic.h */
const NSFS_MAGIC = 0x6e736673;

export interface HeldNetns {
  readonly fd: number;
  readonly inode: number;
  /**
   * Descriptor of /proc/PID, null when the namespace was named itself. It stands for this one
   * process: once that has ended, reading below it fails, whoever gets its PID next (proc(5)).
   */
  readonly processFd: number | null;
  /** The path it was opened by, null for a process's. */
  readonly path: string | null;
}

/**
 * Holds the namespace of a process.
 *
 * @throws the system's error: ENOENT when there is no such process, EACCES when this user may not
 *   look at it, ESRCH when it ended meanwhile
 */
export function holdProcessNetns(pid: number): HeldNetns {
  const processFd = openSync(`/proc/${pid}`, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const fd = openSync(`/proc/self/fd/${processFd}/ns/net`, constants.O_RDONLY);
    return { fd, inode: fstatSync(fd).ino, processFd, path: null };
  } catch (error) {
    closeSync(processFd);
    throw error;
  }
}

/**
 * Holds the namespace a path leads to.
 *
 * @returns null when the path is no network namespace
 * @throws the system's error when it cannot be opened
 */
export function holdNetnsFile(path: string): HeldNetns | null {
  if (statfsSync(path).type !== NSFS_MAGIC || isOtherKind(path)) return null;
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { fd, inode: fstatSync(fd).ino, processFd: null, path };
}

/** Is it a namespace of another kind? Only links below /proc tell: "mnt:[4026531841]". */
function isOtherKind(path: string): boolean {
  try {
    return /^(?!net:)\w+:\[/.test(readlinkSync(path));
  } catch {
    return false;
  }
}

/** The inode of the namespace that netwire itself runs in: the host's. */
export function ownNetnsInode(): number {
  return statSync('/proc/self/ns/net').ino;
}

/** Has the process whose namespace is held ended or moved to another, or the path another one behind it? */
export function hasLeft(held: HeldNetns): boolean {
  try {
    return statSync(held.path ?? `/proc/self/fd/${held.processFd}/ns/net`).ino !== held.inode;
  } catch {
    return true;
  }
}

/** Those whose descriptors are closed: their numbers are others' since. */
const released = new WeakSet<HeldNetns>();

/** Lets go of it; a second time is nothing. */
export function release(held: HeldNetns): void {
  if (released.has(held)) return;
  released.add(held);
  closeSync(held.fd);
  if (held.processFd !== null) closeSync(held.processFd);
}

/** A path to the held namespace that this process's children can open. */
export function heldPath(held: Pick<HeldNetns, 'fd'>): string {
  return `/proc/${process.pid}/fd/${held.fd}`;
}

/**
 * A path to netwire's own namespace, the host's, for commands that run in another one.
 *
 * @param printed one that is still good when netwire has ended: that of process 1, or else of the
 *   caller's shell
 */
export function hostNetnsPath(printed: boolean): string {
  return `/proc/${printed ? hostPid() : process.pid}/ns/net`;
}

/** A process in the host's namespace that outlives netwire. */
export function hostPid(): number {
  return netnsInodeOf(1) === ownNetnsInode() ? 1 : process.ppid;
}

/** The inode of a process's namespace, null when it cannot be read. */
export function netnsInodeOf(pid: number | string): number | null {
  try {
    return Number(/\[(\d+)\]/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[1]);
  } catch {
    return null;
  }
}
