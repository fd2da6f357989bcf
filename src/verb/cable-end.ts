/** The other end of a cable, read off the second container. */
import type { CableEndFacts, LinkFacts, TargetFacts } from '../facts.ts';
import type { Machine } from '../host/machine.ts';
import { release } from '../host/netns.ts';
import { otherEnd } from '../link/cable.ts';
import { markedPeer } from '../link/mark.ts';
import { openByNetns } from '../target/by-netns.ts';
import { LOOKUP_SECONDS, type Target } from '../target/index.ts';
import type { Context } from './context.ts';

/**
 * @param known the container that the cable was asked for with; null: it is looked for
 * @returns null when the link is no cable's end, or its other end is not to be found
 */
export async function readCableEnd(
  link: LinkFacts,
  target: TargetFacts,
  machine: Machine,
  known: Target | null,
  { timeout, warn }: Context,
): Promise<CableEndFacts | null> {
  const netns = markedPeer(link.alias);
  if (netns === null) return null;
  const isKnown = known?.facts.netns === netns;
  const peer = isKnown ? known : await openByNetns(netns, timeout ?? LOOKUP_SECONDS, warn);
  if (peer === null) return null;
  if (!isKnown) machine.enter(peer, 'peer');
  const { links, defaultRoutes } = await machine.containerFacts(undefined, 'peer');
  const end = otherEnd(link, target, links);
  return end && { target: peer.facts, link: end, defaultRoutes };
}

/** Lets go of it, so that another one can be read. */
export function leaveCableEnd(machine: Machine): void {
  const left = machine.leave('peer');
  if (left !== null) release(left.held);
}
