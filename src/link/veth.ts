/** The two ends of a veth pair: how they are named, and how one is recognised from the other. */
import { type HostSide, type LinkFacts, NO_HOST_SIDE, type PortFacts, type TargetFacts } from '../facts.ts';
import { filters } from './bridge-vlan.ts';
import { markedHome } from './home.ts';
import { IFNAME_BYTES } from './limits.ts';
import { markedNetns } from './mark.ts';
import { stableName } from './stable-name.ts';

/**
 * The host end's name when the user gives none: pipework's `v<ifname>pl<PID>` where it fits, else a
 * short name that is the same each time for this namespace and this interface.
 */
export function defaultHostIfname(ifname: string, target: Pick<TargetFacts, 'pid' | 'netns'>): string {
  const name = `v${ifname}pl${target.pid}`;
  if (target.pid !== null && Buffer.byteLength(name) <= IFNAME_BYTES) return name;
  return stableName('nw', `${target.netns} ${ifname}`);
}

/**
 * Is `host` the other end of the container's veth `inside`, put there by netwire? An ifindex alone
 * says little (each namespace counts its own), so the mark on the host end decides.
 */
export function isHostEnd(host: LinkFacts, inside: LinkFacts, netns: number): boolean {
  return isPeer(host, inside) && markedNetns(host.alias) === netns;
}

/** Could `host` be the other end of `inside`: each names the other's ifindex? */
function isPeer(host: LinkFacts, inside: LinkFacts): boolean {
  return (
    host.kind === 'veth' &&
    inside.kind === 'veth' &&
    inside.linkIndex === host.ifindex &&
    host.linkIndex === inside.ifindex
  );
}

/**
 * Finds the host side of a link among the host's links, also of one that others made: there the
 * ifindexes must do, and nothing is said where two pairs bear the same two numbers.
 *
 * @param ports the VLANs of bridge ports, by name
 */
export function hostSideOf(
  link: LinkFacts,
  target: TargetFacts,
  hostLinks: readonly LinkFacts[],
  ports: ReadonlyMap<string, PortFacts> = new Map(),
): HostSide {
  // Its other end, if it has one, is what it was plugged into and no host end.
  if (link.kind === 'veth' && markedHome(link.alias) !== null) return NO_HOST_SIDE;
  if (link.kind !== 'veth') return { end: null, parent: lowerLink(link, hostLinks), port: null };
  const peers = hostLinks.filter((host) => isPeer(host, link));
  const end = peers.find((host) => isHostEnd(host, link, target.netns)) ?? (peers.length === 1 ? peers[0] : undefined);
  const master = end && hostLinks.find(({ ifname }) => ifname === end.master);
  const port = end && filters(master ?? null) ? ports.get(end.ifname) : undefined;
  return { end: end ?? null, parent: master ?? null, port: port ?? null };
}

/** The host's link that a child was made over; by name for a child that lives on the host itself. */
function lowerLink(link: LinkFacts, hostLinks: readonly LinkFacts[]): LinkFacts | null {
  const lower = ({ ifindex, ifname }: LinkFacts) =>
    link.linkIndex === null ? ifname === link.link : ifindex === link.linkIndex;
  return hostLinks.find(lower) ?? null;
}
