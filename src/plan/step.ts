/** A plan: what will be done, as data. Pure; printed by `--dry-run`, carried out by `src/plan/transaction.ts`. */

/**
 * The namespaces a plan works in. `peer` is the second container that a cable is asked for with, `far` the one at
 * the other end of a cable that is there.
 */
export type Place = 'host' | 'container' | 'peer' | 'far';

/**
 * One word of a command. `{ path }` stands for a path to that namespace: the held descriptor when
 * run, a path that a shell understands when printed.
 */
export type Word = string | { readonly path: Place };

/** How the places are called, and the paths to them that are printed. */
export type Places = Readonly<Partial<Record<Place, { readonly name: string; readonly path: string }>>>;

export interface Step {
  /** The namespace the command runs in. */
  readonly netns: Place;
  readonly command: readonly Word[];
  /** The command that takes it back; null when an earlier step's undo takes it back as well. */
  readonly undo: readonly Word[] | null;
  /** Where the undo runs, when not where the command does. */
  readonly undoNetns?: Place;
  /** Its inverse brings something of the host's back: that it is not to be found is no success then. */
  readonly returns?: boolean;
  /** Good when it works, and no failure when it does not. */
  readonly mayFail?: boolean;
  /** Carried out only once this port of this bridge forwards, or after a second. */
  readonly onceForwarding?: { readonly port: string; readonly bridge: string };
  /** The interface that is looked at right after it: one turn does both. */
  readonly thenAsked?: string;
  /** The command asks the network for an address: that somebody answers is a failure. */
  readonly unanswered?: { readonly address: string; readonly ifname: string };
}

export interface Plan {
  /** All or nothing: when one fails, those before it are undone. */
  readonly steps: readonly Step[];
  /** Carried out after the last step, each on its own: a failure is reported, nothing is undone. */
  readonly cleanup: readonly Step[];
}

export const EMPTY_PLAN: Plan = { steps: [], cleanup: [] };

/** A step in one of the places. */
export function stepIn(netns: Place, command: readonly Word[], undo: readonly Word[] | null = null): Step {
  return { netns, command, undo };
}

/** A step in the host's namespace. */
export function onHost(command: readonly Word[], undo: readonly Word[] | null = null): Step {
  return stepIn('host', command, undo);
}

/** A step in the container's namespace. */
export function inContainer(command: readonly Word[], undo: readonly Word[] | null = null): Step {
  return stepIn('container', command, undo);
}
