/** A plan: what will be done, as data. Pure; printed by `--dry-run`, carried out by `src/plan/transaction.ts`. */

/**
 * One word of a command. `NETNS_PATH` stands for a path to the container's namespace: the held
 * descriptor when run, a path that a shell understands when printed.
 */
export type Word = string | typeof NETNS_PATH;

export const NETNS_PATH = Symbol('path of the container namespace');

export interface Step {
  /** The namespace the command runs in. */
  readonly netns: 'host' | 'container';
  readonly command: readonly Word[];
  /** The command that takes it back; null when an earlier step's undo takes it back as well. */
  readonly undo: readonly Word[] | null;
  /** Where the undo runs, when not where the command does. */
  readonly undoNetns?: Step['netns'];
  /** Carried out only once this bridge port forwards, or after a second. */
  readonly onceForwarding?: string;
}

export interface Plan {
  /** All or nothing: when one fails, those before it are undone. */
  readonly steps: readonly Step[];
  /** Carried out after the last step, each on its own: a failure is reported, nothing is undone. */
  readonly cleanup: readonly Step[];
}

export const EMPTY_PLAN: Plan = { steps: [], cleanup: [] };

/** A step in the host's namespace. */
export function onHost(command: readonly Word[], undo: readonly Word[] | null = null): Step {
  return { netns: 'host', command, undo };
}

/** A step in the container's namespace. */
export function inContainer(command: readonly Word[], undo: readonly Word[] | null = null): Step {
  return { netns: 'container', command, undo };
}
