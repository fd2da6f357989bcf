/**
 * A link is born in a group of its own (ip-link(8), group) and leaves it by the last step that makes
 * an attachment. So what a netwire that was killed left behind is known, whatever came last: an alias
 * cannot be given at birth, a group can (net/core/rtnetlink.c, rtnl_create_link).
 */

import type { LinkFacts } from '../facts.ts';

/** A number that nobody chose: "netw". */
const UNFINISHED_GROUP = '1852142711';

export const DEFAULT_GROUP = 'default';

/** How links are called that were finished and are set aside. */
export const ASIDE = /^nwa[0-9a-f]{12}$/;

/**
 * @param mac one that nobody has
 * @returns a name for links that are set aside
 */
export function asideName(mac: string): string {
  return `nwa${mac.replaceAll(':', '')}`;
}

/**
 * A group of this netwire's own, so that links can be deleted all at once: each deletion by itself waits for all
 * processors (net/core/dev.c, synchronize_net).
 *
 * @param random from 0 to 1
 */
export function asideGroup(random: number): string {
  // Not the one above, and none that people choose.
  return String(0x1000_0000 + Math.floor(random * 0x4000_0000));
}

/** Words for `ip link add`. */
export const BORN: readonly string[] = ['group', UNFINISHED_GROUP];

/** Words for the `ip link set` that finishes it. */
export const FINISHED: readonly string[] = ['group', DEFAULT_GROUP];

/** Is a netwire at work at it, or was killed? */
export function isUnfinished({ group }: Pick<LinkFacts, 'group'>): boolean {
  return group === UNFINISHED_GROUP;
}
