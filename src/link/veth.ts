/** The two ends of a veth pair: how they are named, and how one is recognised from the other. */
import { StateError } from '../errors.ts';
import {
  type AddFacts,
  type HostSide,
  type LinkFacts,
  NO_HOST_SIDE,
  type PortFacts,
  type TargetFacts,
} from '../facts.ts';
import { onHost, type Place, type Step, stepIn, type Word } from '../plan/step.ts';
import type { SwitchPortFacts } from '../switch-facts.ts';
import { filters, NO_VLANS } from './bridge-vlan.ts';
import { markedHome } from './home.ts';
import type { ResolvedAdd } from './kind.ts';
import { IFNAME_BYTES, IPV6_MIN_MTU } from './limits.ts';
import { markedNetns, markedPeer } from './mark.ts';
import { stableName } from './stable-name.ts';
import { BORN } from './unfinished.ts';

/**
 * The host end's name when the user gives none: pipework's `v<ifname>pl<PID>` where it fits, else a
 * short name that is the same each time for this namespace and this interface.
 */
export function defaultHostIfname(ifname: string, target: Pick<TargetFacts, 'pid' | 'netns'>): string {
  const name = `v${ifname}pl${target.pid}`;
  if (target.pid !== null && Buffer.byteLength(name) <= IFNAME_BYTES) return name;
  return stableName('nw', `${target.netns} ${ifname}`);
}

/** @throws StateError when the name for the host end is in use */
export function freeHostIfname(request: ResolvedAdd, { target, hostIfnameTaken }: AddFacts): string {
  const hostIfname = request.hostIfname ?? defaultHostIfname(request.ifname, target);
  if (!hostIfnameTaken) return hostIfname;
  throw new StateError('name-taken', `${hostIfname}: the host has a link of that name already`, '-l NAME');
}

/** Makes a host end that is there as it is asked for; a link that is up cannot be renamed before Linux 6.2. */
export function hostEndChanges({ ifname, mtu, up }: LinkFacts, request: ResolvedAdd, facts: AddFacts): Step[] {
  const name = request.hostIfname ?? ifname;
  const isRenamed = name !== ifname;
  if (isRenamed) freeHostIfname(request, facts);
  const set = (dev: string, words: string[], back: string[], backDev = dev) =>
    onHost(['ip', 'link', 'set', 'dev', dev, ...words], ['ip', 'link', 'set', 'dev', backDev, ...back]);
  return [
    ...(isRenamed && up ? [set(ifname, ['down'], ['up'])] : []),
    ...(isRenamed ? [set(ifname, ['name', name], ['name', ifname], name)] : []),
    ...(request.mtu === null || request.mtu === mtu
      ? []
      : [set(name, ['mtu', String(request.mtu)], ['mtu', String(mtu)])]),
    ...(isRenamed || !up ? [set(name, ['up'], ['down'])] : []),
  ];
}

/** One end of a pair that is to be made. */
interface End {
  readonly place: Place;
  readonly ifname: string;
  readonly mac: string;
}

/**
 * Makes a pair, each end where it belongs and under its final name: no move, no rename, no clash
 * with a host's eth1.
 *
 * @param from where the command runs: in the namespace of the first end, whose names it is checked against
 */
export function pairStep(one: End, other: End, mtu: number, from: Place): Step {
  const words = ({ place, ifname, mac }: End): Word[] => [
    ...['name', ifname, 'address', mac, 'mtu', String(mtu)],
    ...(place === 'container' ? BORN : []),
    ...(place === from ? [] : ['netns', { path: place }]),
  ];
  return stepIn(
    from,
    ['ip', 'link', 'add', ...words(one), 'type', 'veth', 'peer', ...words(other)],
    ['ip', 'link', 'del', 'dev', one.ifname],
  );
}

/**
 * Words for `ip link set` of a switch's port: what comes to it is the switch's, so it needs no address of its own, and
 * does not announce one. A link without IPv6 knows no such words (net/ipv6/addrconf.c, inet6_validate_link_af).
 */
export function portWords(mtu: number, { hasIpv6 }: AddFacts): string[] {
  return hasIpv6 && mtu >= IPV6_MIN_MTU ? ['addrgenmode', 'none'] : [];
}

/**
 * Is `host` the other end of the container's veth `inside`, put there by netwire? An ifindex alone
 * says little (each namespace counts its own), so the mark on the host end decides.
 */
export function isHostEnd(host: LinkFacts, inside: LinkFacts, netns: number): boolean {
  return isPeer(host, inside) && markedNetns(host.alias) === netns;
}

/** Could `host` be the other end of `inside`: each names the other's ifindex? */
export function isPeer(host: LinkFacts, inside: LinkFacts): boolean {
  return (
    host.kind === 'veth' &&
    inside.kind === 'veth' &&
    inside.linkIndex === host.ifindex &&
    host.linkIndex === inside.ifindex
  );
}

/** What of the host is known when the host sides of links are looked for. */
export interface HostView {
  readonly links: readonly LinkFacts[];
  /** The VLANs of bridge ports, by name. */
  readonly ports?: ReadonlyMap<string, PortFacts>;
  readonly switchPorts?: readonly SwitchPortFacts[];
}

/**
 * Finds the host side of a link among the host's links, also of one that others made: there the
 * ifindexes must do, and nothing is said where two pairs bear the same two numbers.
 */
export function hostSideOf(link: LinkFacts, target: TargetFacts, host: HostView): HostSide {
  if (link.kind !== 'veth') return { ...NO_HOST_SIDE, parent: lowerLink(link, host.links) };
  const peers = host.links.filter((one) => isPeer(one, link));
  const ours = peers.find((one) => isHostEnd(one, link, target.netns));
  // The other end of a moved one, if it has any, is what it was plugged into and no host end.
  const isElsewhere = (markedHome(link.alias) ?? markedPeer(link.alias)) !== null;
  const end = ours ?? (peers.length === 1 && !isElsewhere ? peers[0] : undefined);
  if (end === undefined) return NO_HOST_SIDE;
  const switchPort = host.switchPorts?.find(({ name }) => name === end.ifname) ?? null;
  // To the kernel, ports of all switches are ports of one: ovs-system.
  const master = host.links.find(({ ifname }) => ifname === (switchPort?.bridge ?? end.master)) ?? null;
  const port = filters(master) ? (host.ports?.get(end.ifname) ?? NO_VLANS) : null;
  return { ...NO_HOST_SIDE, end, parent: master, port, switchPort };
}

/** May the link be a port of Open vSwitch? Only then is the switch asked. */
export function mayBeSwitchPort({ kind, master }: LinkFacts): boolean {
  return kind === 'veth' && (master === null || master === 'ovs-system');
}

/** The host's link that a child was made over; by name for a child that lives on the host itself. */
function lowerLink(link: LinkFacts, hostLinks: readonly LinkFacts[]): LinkFacts | null {
  const lower = ({ ifindex, ifname }: LinkFacts) =>
    link.linkIndex === null ? ifname === link.link : ifindex === link.linkIndex;
  return hostLinks.find(lower) ?? null;
}
