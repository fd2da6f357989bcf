/** What planning an `add` needs to know, read off the machine. */
import { StateError } from '../errors.ts';
import {
  type AddFacts,
  type ContainerFacts,
  type FirewallFacts,
  type HostSide,
  type LinkFacts,
  type MovedFacts,
  NO_HOST_SIDE,
  type ParentFacts,
} from '../facts.ts';
import { readPorts } from '../host/bridge-ports.ts';
import { childrenOf } from '../host/children.ts';
import { dhcpProgram, installedDhcpClients } from '../host/dhcp.ts';
import { findInSystem } from '../host/environment.ts';
import { forwards, switchedOnFirewalls } from '../host/firewall.ts';
import { freshMac, highMac } from '../host/fresh-mac.ts';
import type { Machine } from '../host/machine.ts';
import { hasSwitch, readSwitch } from '../host/open-vswitch.ts';
import { pciOf } from '../host/pci.ts';
import { glanceAtContainer } from '../host/proc-net.ts';
import { changedSysctls, hasIpv6 } from '../host/sysctls.ts';
import { wiphyOf } from '../host/wiphy.ts';
import { filters, NO_VLANS } from '../link/bridge-vlan.ts';
import type { LinkKind, Need, ResolvedAdd } from '../link/kind.ts';
import { isOurs, markedSwitch } from '../link/mark.ts';
import { isUnfinished } from '../link/unfinished.ts';
import { defaultHostIfname, hostSideOf, mayBeSwitchPort } from '../link/veth.ts';
import { vlanId, vlanLinkName } from '../link/vlan.ts';
import type { SwitchPortFacts } from '../switch-facts.ts';
import type { Target } from '../target/index.ts';
import { readCableEnd } from './cable-end.ts';
import type { Context } from './context.ts';

/** What PARENT was found to be; the container at the other end of a cable is held open. */
export interface FoundParent extends ParentFacts {
  readonly target: Target | null;
}

/**
 * Reads the facts: only what this request and its link kind need, by name where the kernel can be
 * asked by name.
 *
 * @param overlooksUnfinished what a killed netwire left counts as gone
 */
export async function readAddFacts(
  kind: LinkKind,
  request: ResolvedAdd,
  found: FoundParent,
  machine: Machine,
  target: Target,
  context: Context,
  overlooksUnfinished = false,
): Promise<AddFacts> {
  const { link: parent, switchBridge } = found;
  const inside = await readContainer(request, machine, target);
  const overlooked = overlooksUnfinished && isLeft(inside) ? inside.link : null;
  const container = overlooked === null ? inside : { ...inside, link: null };
  const vlanName =
    kind.takes.tag === 'vlan' && request.tag !== null ? vlanLinkName(request.parentName, vlanId(request.tag)) : null;
  const vlanLink = kind.needs.includes('vlan-link') && vlanName !== null ? await machine.hostLink(vlanName) : null;
  const hostSide = container.link
    ? await readHostSide(container.link, machine, target, context, {
        ...{ hostIfname: request.hostIfname, candidates: [parent, vlanLink], peer: found.target },
      })
    : NO_HOST_SIDE;
  const isPlanned = container.link === null || request.replace;
  const needs = (need: Need) => isPlanned && kind.needs.includes(need);
  const hostIfname = request.hostIfname ?? defaultHostIfname(request.ifname, target.facts);
  const ports = needs('switch') ? await readSwitchPorts(request, hostIfname) : [];
  const lower = vlanName === null ? parent : vlanLink;
  return {
    target: target.facts,
    container,
    ...(overlooked === null ? {} : { overlooked }),
    parent,
    hostSide,
    peer: found.target && { target: found.target.facts, container: await readPeer(request, machine, hostSide) },
    present: null,
    vlanLink,
    moved: needs('moved') && lower !== null ? await readMoved(lower, machine) : null,
    siblings: needs('siblings') && lower !== null ? await ipvlanChildren(lower.ifindex) : [],
    switchBridge,
    stalePort: ports[0] ?? null,
    hasIpv6: needs('host-ifname') && hasIpv6(),
    hasEthtool: needs('switch') && findInSystem('ethtool') !== null,
    ifnameOnHost: needs('ifname-on-host') && (await machine.hasHostLink(request.ifname, false)),
    hostIfnameTaken:
      needs('host-ifname') &&
      overlooked === null &&
      (await machine.hasHostLink(hostIfname, request.hostIfname === null)),
    firewall: needs('firewall') ? await machine.firewalls.read(firewallsToAsk(parent, request)) : [],
    dhcp: request.dhcp.length === 0 ? null : { program: dhcpProgram(), installed: installedDhcpClients() },
    freshMac: { link: freshMac(), hostEnd: highMac(), peer: freshMac(), bridge: freshMac() },
  };
}

/** Was it left by a netwire that was killed? One that waits for a lease is at work. */
function isLeft({ link, dhcpClients }: ContainerFacts): boolean {
  if (link === null || !isUnfinished(link)) return false;
  return !dhcpClients.some(({ isAwaited, ifname }) => isAwaited && ifname === link.ifname);
}

/** What is known of a link's host side before it is looked for. */
interface Clues {
  readonly hostIfname: string | null;
  /** Links read already, among which a child's parent most likely is. */
  readonly candidates: readonly (LinkFacts | null)[];
  /** The container at the other end of a cable. */
  readonly peer: Target | null;
}

const NO_CLUES: Clues = { hostIfname: null, candidates: [], peer: null };

/** What stands behind the container's link. */
export async function readHostSide(
  link: LinkFacts,
  machine: Machine,
  target: Target,
  context: Context,
  { hostIfname, candidates, peer }: Clues = NO_CLUES,
): Promise<HostSide> {
  if (link.kind === 'veth') {
    const end = await machine.findHostEnd(link, target.facts, hostIfname);
    const parent = end?.master ? await machine.hostLink(end.master) : null;
    const port = end && filters(parent) ? ((await readPorts(end.ifname)).get(end.ifname) ?? NO_VLANS) : null;
    if (end === null) return { ...NO_HOST_SIDE, peer: await readCableEnd(link, target.facts, machine, peer, context) };
    if (!mayBeSwitchPort(end)) return { ...NO_HOST_SIDE, end, parent, port };
    if (!hasSwitch()) {
      if (markedSwitch(end.alias) !== null) throw switchOff(`${end.ifname}, a port of ${markedSwitch(end.alias)}`);
      return { ...NO_HOST_SIDE, end, parent, port };
    }
    const [switchPort = null] = (await readSwitch(end.ifname)).ports;
    const bridge = switchPort && (await machine.hostLink(switchPort.bridge));
    return { ...NO_HOST_SIDE, end, parent: bridge, port, switchPort };
  }
  const known = hostSideOf(link, target.facts, { links: candidates.flatMap((one) => one ?? []) });
  if (known.parent !== null || (link.linkIndex === null && link.link === null)) return known;
  return hostSideOf(link, target.facts, { links: await machine.hostLinks() });
}

async function readPeer({ peer }: ResolvedAdd, machine: Machine, { peer: far }: HostSide): Promise<ContainerFacts> {
  const { links, ...ways } = await machine.containerFacts(undefined, 'peer');
  const name = peer?.ifname ?? '';
  // The other end that is there may get another name, and takes its addresses along.
  const others = links.filter(({ ifindex, address }) => ifindex !== far?.link.ifindex || address !== far.link.address);
  return { ...ways, link: links.find(({ ifname }) => ifname === name) ?? null, elsewhere: addressesBut(name, others) };
}

/** @throws StateError when there is no Open vSwitch on this machine */
async function readSwitchPorts({ parentName }: ResolvedAdd, port: string): Promise<readonly SwitchPortFacts[]> {
  if (hasSwitch()) return (await readSwitch(port)).ports;
  throw switchOff(`parent ${parentName}`);
}

function switchOff(what: string): StateError {
  return new StateError(
    'open-vswitch',
    `${what}: Open vSwitch does not run on this machine`,
    'systemctl start openvswitch-switch',
  );
}

async function readMoved(link: LinkFacts, machine: Machine): Promise<MovedFacts> {
  return {
    link,
    routes: await machine.routesBy(link),
    neighbours: await machine.neighboursOn(link),
    children: (await machine.childrenOf(link)).map(({ ifname }) => ifname),
    sysctls: changedSysctls(link.ifname),
    switchBridge: hasSwitch() ? await switchOf(link.ifname) : null,
    wiphy: wiphyOf(link.ifname),
    pci: pciOf(link.ifname),
  };
}

async function switchOf(ifname: string): Promise<string | null> {
  const { bridges, ports } = await readSwitch(ifname);
  return ports[0]?.bridge ?? bridges.find(({ name }) => name === ifname)?.name ?? null;
}

async function ipvlanChildren(ifindex: number): Promise<LinkFacts[]> {
  const children = await childrenOf(ifindex);
  return children.filter(({ kind }) => kind === 'ipvlan');
}

async function readContainer(request: ResolvedAdd, machine: Machine, target: Target): Promise<ContainerFacts> {
  const families = request.addresses.flatMap(({ family, gateway }) => (gateway === null ? [] : [family]));
  const wanted = request.addresses.map(({ local }) => local);
  const glance = glanceAtContainer(target.held, request.ifname, families, wanted);
  if (glance !== null) return glance;
  const { links, ...ways } = await machine.containerFacts();
  const { ifname: name } = request;
  return { ...ways, link: links.find(({ ifname }) => ifname === name) ?? null, elsewhere: addressesBut(name, links) };
}

/** The addresses of all links but one, and which link has each. */
export function addressesBut(name: string, links: readonly LinkFacts[]): ReadonlyMap<string, string> {
  const others = links.filter(({ ifname }) => ifname !== name);
  return new Map(others.flatMap(({ ifname, addresses }) => addresses.map(({ local }) => [local, ifname])));
}

/**
 * Which firewalls to ask; each costs a process. For a new bridge both: others will come to it. For one
 * that is there those of the families asked for; while the host forwards nothing, no Docker has closed
 * the firewall since netwire made the bridge.
 */
function firewallsToAsk(parent: LinkFacts | null, { addresses }: ResolvedAdd): FirewallFacts['command'][] {
  if (parent !== null && isOurs(parent.alias) && !forwards()) return [];
  return switchedOnFirewalls(parent === null ? [] : addresses.map(({ family }) => family));
}
