/** The other end of a cable, read off the second container. */
import { parseContainer } from '../cli/container.ts';
import { NetwireError } from '../errors.ts';
import type { CableEndFacts, LinkFacts, TargetFacts } from '../facts.ts';
import type { Machine } from '../host/machine.ts';
import { release } from '../host/netns.ts';
import { otherEnd } from '../link/cable.ts';
import { markedPeer, markedPeerName } from '../link/mark.ts';
import { openByNetns } from '../target/by-netns.ts';
import { LOOKUP_SECONDS, openTarget, type Target } from '../target/index.ts';
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
  context: Context,
): Promise<CableEndFacts | null> {
  const netns = markedPeer(link.alias);
  if (netns === null) return null;
  const isKnown = known?.facts.netns === netns;
  const peer = isKnown ? known : ((await openNamed(link, netns, context)) ?? (await openAny(netns, context)));
  if (peer === null) {
    context.warn(`${link.ifname}: the container at the other end of this cable is not to be found`);
    return null;
  }
  machine.enter(peer, 'far');
  const { links, ...ways } = await machine.containerFacts(undefined, 'far');
  const end = otherEnd(link, target, links);
  return end && { ...ways, target: peer.facts, link: end };
}

/** By the name in the mark, which is good only if it leads there. */
async function openNamed({ alias }: LinkFacts, netns: number, { timeout }: Context): Promise<Target | null> {
  const name = markedPeerName(alias);
  if (name === null) return null;
  try {
    const target = await openTarget(parseContainer(name), timeout ?? LOOKUP_SECONDS);
    if (target.facts.netns === netns) return target;
    release(target.held);
    return null;
  } catch (error) {
    if (error instanceof NetwireError) return null;
    throw error;
  }
}

function openAny(netns: number, { timeout, warn }: Context): Promise<Target | null> {
  return openByNetns(netns, timeout ?? LOOKUP_SECONDS, warn);
}

/** Lets go of it, so that another one can be read. */
export function leaveCableEnd(machine: Machine): void {
  const left = machine.leave('far');
  if (left !== null) release(left.held);
}
