/** What is known of an attachment that is there, and is to be changed or set aside. */
import type { DelFacts, FirewallFacts, RouteFacts } from './facts.ts';

/** An attachment that is there and may be set aside. */
export interface HideableFacts {
  /** As for taking it back. */
  readonly del: DelFacts;
  readonly end: HideableEndFacts;
  /** A cable's other end. */
  readonly farEnd: HideableEndFacts | null;
}

/** An attachment that is there and may be changed, with all that depends on it. */
export interface PresentFacts extends HideableFacts {
  /** The rulesets that may hold a rule for its bridge. */
  readonly firewall: readonly FirewallFacts[];
  readonly end: PresentEndFacts;
  /** A cable's other end. */
  readonly farEnd: PresentEndFacts | null;
}

/** What depends on a link in a container, and does not go along when it is hidden. */
export interface HideableEndFacts {
  /** Routes by it, or sent from its addresses, in all tables, but for the kernel's own. */
  readonly routes: readonly RouteFacts[];
  /** Neighbours that somebody set: what follows `ip neigh replace`. */
  readonly neighbours: readonly (readonly string[])[];
}

/** What depends on a link in a container. */
export interface PresentEndFacts extends HideableEndFacts {
  /** Its settings that an attachment may change, key below /proc/sys and value. */
  readonly sysctls: ReadonlyMap<string, string>;
}
