/** What a container runtime must tell; each is one file, and one line in `runtimes.ts`. */

interface Known {
  /** The name by which the runtime knows it, behind its scope where it needs one. */
  readonly name: string;
  /** The runtime's full ID; null when it has none. */
  readonly id: string | null;
  /** Belongs to a user who did not call: taken only where the whole name was said. */
  readonly isForeign?: boolean;
}

/** What a runtime knows of a name. */
export type Found =
  | (Known & { readonly state: 'running'; readonly pid: number })
  /** There is a namespace, but no process to name it by. */
  | (Known & { readonly state: 'namespace'; readonly path: string })
  /** Known, but there is no process; `status` in the runtime's own word. */
  | (Known & {
      readonly state: 'stopped';
      readonly status: string;
      /** It may run in a moment: it was created, or is restarting. */
      readonly isStarting: boolean;
    });

export interface Listed {
  /** As `find` takes it. */
  readonly name: string;
  readonly isRunning: boolean;
}

export interface Runtime {
  /** What stands before the colon. */
  readonly word: string;
  /** What a container is to it, for the help. */
  readonly about: string;
  /**
   * What a name may have before it where it is not unique by itself: a word and a slash
   * (`containerd:k8s.io/ID`), an absolute path (`lxc:/srv/lxc/c1`), or nothing.
   */
  readonly scope: 'word' | 'path' | null;
  /**
   * Looks a name or an ID up, quickly: from files, or by one socket.
   *
   * @param seconds how long an answer may take
   * @returns nothing when the runtime is not there, or knows no such container
   * @throws NetwireError when it does not answer, or may not be asked
   */
  find(name: string, seconds: number): Promise<Found[]>;
  /** The same where it costs more: asked when `find` of none knew the name. */
  search?(name: string, seconds: number): Promise<Found[]>;
  /**
   * May it have running containers whose names only `search` tells? That is asked then though another runtime knows
   * the name; absent: no. Costs no more than `find`.
   */
  hidesRunning?(): boolean;
  /** All it knows, for `show` and for "did you mean". */
  list(seconds: number): Promise<Listed[]>;
  /** The command that starts a container; absent where there is none. */
  start?(name: string): string;
  /** Where a shell's TAB finds the names of those that run; absent: nowhere. */
  readonly running?: RunningNames;
  /** Why a name cannot be one of this runtime's, or null; absent: any name may. */
  refuses?(name: string): string | null;
}

/** Names that cost a shell at most one process: nobody waits for a TAB. */
interface RunningNames {
  /** Files that are there, with the name, or scope and name, in the place of `*`. */
  readonly files?: readonly string[];
  /** Abstract sockets in /proc/net/unix, likewise. */
  readonly sockets?: readonly string[];
  /** Prints a name a line. */
  readonly command?: readonly string[];
  /** The variable that may send that command to another machine. */
  readonly address?: string;
}

/** What is behind a name and a scope: `alice/web`. */
export function splitScope(name: string): { readonly scope: string | null; readonly own: string } {
  const slash = name.lastIndexOf('/');
  return slash === -1 ? { scope: null, own: name } : { scope: name.slice(0, slash) || '/', own: name.slice(slash + 1) };
}

/** Fewer letters than these are no beginning of an ID: a mistyped name would be one too easily. */
export const ID_LETTERS = 4;

/** Fewer digits than these are a PID rather than the beginning of an ID. */
const PID_DIGITS = /^\d{1,11}$/;

/**
 * Does a word say this container, by its name, its ID, or the beginning of that?
 *
 * @param names those it bears
 */
export function isMeant(word: string, id: string, names: readonly string[]): boolean {
  if (names.includes(word) || id === word) return true;
  return word.length >= ID_LETTERS && /^[\da-f]+$/.test(word) && !PID_DIGITS.test(word) && id.startsWith(word);
}

/** Could it be a PID, by its form? */
export function isPidLike(word: string): boolean {
  return PID_DIGITS.test(word);
}
