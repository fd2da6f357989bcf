/** ovs: a veth pair whose host end is a port of an Open vSwitch bridge (ovs-vsctl(8)). */
import { StateError } from '../errors.ts';
import type { AddFacts, LinkFacts, PortFacts, TargetFacts } from '../facts.ts';
import { inContainer, onHost, type Step } from '../plan/step.ts';
import type { SwitchBridgeFacts, SwitchPortFacts } from '../switch-facts.ts';
import { tagged } from './bridge-vlan.ts';
import type { LinkKind, ResolvedAdd } from './kind.ts';
import { ETHERNET_MTU } from './limits.ts';
import { hostEndMark } from './mark.ts';
import { checkIpv6Mtu } from './mtu.ts';
import { freeHostIfname, hostEndChanges, pairStep, portWords } from './veth.ts';
import { vlanId } from './vlan.ts';
import { parseVlanList, vlanRanges } from './vlan-list.ts';

/** The key by which netwire knows its bridges and ports again. */
const MARK = 'netwire';

/** ovs-vsctl waits for the switch to follow; in seconds. */
const CHANGE = ['ovs-vsctl', '--timeout=10'];

export const ovs: LinkKind = {
  word: 'ovs',
  about: 'the same for an Open vSwitch bridge',
  behind: 'link',
  madeByName: /^ovs/,
  makesParent: true,
  makesBridge: true,
  defaultIfname: 'eth1',
  takes: {
    ovsDatapath: true,
    host: false,
    mac: true,
    hostIfname: true,
    trunk: true,
    tag: 'vlan',
    modes: [],
    isolations: [],
  },
  needs: ['host-ifname', 'switch'],

  plan(request, facts) {
    const { parent, switchBridge } = facts;
    const { parentName: name, ifname } = request;
    checkBridge(request, parent, switchBridge);
    const hostIfname = freeHostIfname(request, facts);
    const mtu = request.mtu ?? parent?.mtu ?? ETHERNET_MTU;
    checkIpv6Mtu(mtu, request);
    const mac = request.mac ?? facts.freshMac.link;
    const set = (...words: string[]) => onHost(['ip', 'link', 'set', 'dev', hostIfname, ...words]);
    const userspace = (switchBridge?.datapath ?? request.ovsDatapath) === 'netdev';
    return {
      host: [
        pairStep(
          { place: 'host', ifname: hostIfname, mac: facts.freshMac.hostEnd },
          { place: 'container', ifname, mac },
          mtu,
          'host',
        ),
        set('alias', hostEndMark(facts.target.netns, facts.target.canonical, name), ...portWords(mtu, facts)),
        portStep(request, facts, hostIfname, mac),
        set('up'),
        ...(userspace && facts.hasEthtool ? [{ ...inContainer(checksumWords(ifname)), mayFail: true }] : []),
      ],
      up: 'before-addresses',
      announce: [inContainer(['ip', 'link', 'set', 'dev', ifname, 'address', mac])],
      warnings: [
        ...(mtu > (parent?.mtu ?? mtu)
          ? [`${name}: its MTU is ${parent?.mtu}, and longer frames may be dropped; the port has ${mtu}`]
          : []),
        ...(userspace && !facts.hasEthtool
          ? [`${name}: TCP over its datapath needs checksums: run ${checksumWords(ifname).join(' ')} in the container`]
          : []),
      ],
    };
  },

  changes(request, facts) {
    const { end, switchPort } = facts.hostSide;
    if (end === null || switchPort === null) return [];
    return [...portChanges(request, switchPort), ...hostEndChanges(end, request, facts)];
  },

  expected: (request) => ({
    kind: 'veth',
    mode: null,
    parent: request.parentName,
    vlan: request.tag === null ? null : vlanId(request.tag),
    trunk: vlanRanges(tagged(request)),
  }),

  explain: (why, { parentName, ovsDatapath }) =>
    /could not set up/.test(why) && ovsDatapath !== 'netdev'
      ? { message: `${parentName}: ${why}; perhaps this kernel lacks its datapath`, hint: '--ovs-datapath netdev' }
      : null,
};

/** The datapath in ovs-vswitchd does not fill in the checksums that a veth leaves to hardware. */
function checksumWords(ifname: string): string[] {
  return ['ethtool', '-K', ifname, 'tx', 'off'];
}

function checkBridge(request: ResolvedAdd, link: LinkFacts | null, bridge: SwitchBridgeFacts | null): void {
  const name = request.parentName;
  if (bridge === null && link !== null)
    throw new StateError('parent-kind', `parent ${name}: not an Open vSwitch bridge`, `netwire ${name} ...`);
  if (bridge === null || request.ovsDatapath === null || bridge.datapath === request.ovsDatapath) return;
  throw new StateError('different', `--ovs-datapath ${request.ovsDatapath}: ${name} is there with ${bridge.datapath}`);
}

/** One transaction: the bridge where it is missing, the port, its VLANs and what it is for. */
function portStep(request: ResolvedAdd, facts: AddFacts, port: string, mac: string): Step {
  const { parentName: bridge, ovsDatapath } = request;
  const { switchBridge, stalePort } = facts;
  if (stalePort !== null && !isOursInSwitch(stalePort.externalIds))
    throw new StateError('name-taken', `${port}: ${stalePort.bridge} has a port of that name already`, '-l NAME');
  const made =
    switchBridge === null
      ? [
          ...['--', 'add-br', bridge, '--', 'set', 'Bridge', bridge],
          ...(ovsDatapath === null ? [] : [`datapath_type=${ovsDatapath}`]),
          `external_ids:${MARK}=1`,
        ]
      : [];
  const command = [
    ...made,
    // Left by a container that died, whose PID came round again.
    ...(stalePort === null ? [] : delPortWords(stalePort.bridge, port)),
    ...['--', 'add-port', bridge, port, ...vlanWords(request)],
    ...['--', 'set', 'Interface', port, ...externalIds(request, facts.target, mac)],
  ];
  const undo = [...delPortWords(bridge, port), ...(switchBridge === null ? delBridgeWords(bridge) : [])];
  return onHost([...CHANGE, ...command], [...CHANGE, ...undo]);
}

function vlanWords({ tag, trunk }: Pick<ResolvedAdd, 'tag' | 'trunk'>): string[] {
  const words: string[] = [];
  if (tag !== null) words.push(`tag=${vlanId(tag)}`);
  if (trunk !== null) words.push(`trunks=${vlanRanges(parseVlanList(trunk)).join(',')}`);
  if (tag !== null || trunk !== null)
    words.push(`vlan_mode=${trunk === null ? 'access' : tag === null ? 'trunk' : 'native-untagged'}`);
  return words;
}

/** VLANs of a port that is there, and what its keys say of them and of the MAC, in one transaction. */
function portChanges(request: ResolvedAdd, { name, vlans, externalIds: ids }: SwitchPortFacts): Step[] {
  const { vlan, trunk } = switchPortVlans(vlans);
  const had = { tag: vlan === null ? null : String(vlan), trunk: trunk.join(',') || null };
  const has = {
    tag: request.tag === null ? null : String(vlanId(request.tag)),
    trunk: vlanRanges(tagged(request)).join(',') || null,
  };
  const mac = request.mac ?? ids['attached-mac'] ?? '';
  if (had.tag === has.tag && had.trunk === has.trunk && mac === ids['attached-mac']) return [];
  const words = (port: { tag: string | null; trunk: string | null }, address: string) => [
    ...['--', 'clear', 'Port', name, 'tag', 'trunks', 'vlan_mode'],
    ...(port.tag === null && port.trunk === null ? [] : ['--', 'set', 'Port', name, ...vlanWords(port)]),
    ...['--', 'remove', 'Interface', name, 'external_ids', 'vlan'],
    ...['--', 'set', 'Interface', name, idWord('attached-mac', address)],
    ...(port.tag === null ? [] : [idWord('vlan', port.tag)]),
  ];
  return [onHost([...CHANGE, ...words(has, mac)], [...CHANGE, ...words(had, ids['attached-mac'] ?? '')])];
}

function idWord(key: string, value: string): string {
  return `external_ids:${key}=${JSON.stringify(value)}`;
}

/** The container's two keys are those of Open vSwitch's own ovs-docker. */
function externalIds({ ifname, tag }: ResolvedAdd, { canonical, id, netns }: TargetFacts, mac: string): string[] {
  const ids = {
    [MARK]: '1',
    container: canonical,
    container_id: id ?? canonical,
    container_iface: ifname,
    netns: String(netns),
    'attached-mac': mac,
    ...(tag === null ? {} : { vlan: String(vlanId(tag)) }),
  };
  return Object.entries(ids).map(([key, value]) => idWord(key, value));
}

function delPortWords(bridge: string, port: string): string[] {
  return ['--', '--if-exists', 'del-port', bridge, port];
}

function delBridgeWords(bridge: string): string[] {
  return ['--', '--if-exists', 'del-br', bridge];
}

/** Takes a port away so that it can be put back as it was. */
export function asidePortStep({ bridge, name, vlans, externalIds }: SwitchPortFacts): Step {
  const { vlan, trunk } = switchPortVlans(vlans);
  const port = { tag: vlan === null ? null : String(vlan), trunk: trunk.join(',') || null };
  const ids = Object.entries(externalIds).map(([key, value]) => idWord(key, value));
  const again = ['--', 'add-port', bridge, name, ...vlanWords(port), '--', 'set', 'Interface', name, ...ids];
  return onHost([...CHANGE, ...delPortWords(bridge, name)], [...CHANGE, ...again]);
}

/** Takes a port away, and the bridge as well when it goes with it. */
export function delPortStep(bridge: string, port: string, withBridge: boolean): Step {
  return onHost([...CHANGE, ...delPortWords(bridge, port), ...(withBridge ? delBridgeWords(bridge) : [])]);
}

/** Takes a bridge without a port away. */
export function delBridgeStep(bridge: string): Step {
  return onHost([...CHANGE, ...delBridgeWords(bridge)]);
}

/** Did netwire make this bridge or port? */
export function isOursInSwitch(externalIds: SwitchBridgeFacts['externalIds']): boolean {
  return externalIds[MARK] !== undefined;
}

/** A port's VLANs as an attachment tells them. */
export function switchPortVlans({ pvid, tagged }: PortFacts) {
  return { vlan: pvid, trunk: vlanRanges(tagged.filter((id) => id !== pvid)) };
}
