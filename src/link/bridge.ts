/** bridge: a veth pair whose host end is a port of a Linux bridge; the bridge is made when it is missing. */
import { StateError } from '../errors.ts';
import type { AddFacts, FirewallFacts, LinkFacts } from '../facts.ts';
import { inContainer, onHost, type Step } from '../plan/step.ts';
import { acceptStep, firewallWarning, hasOwnRule } from './bridge-firewall.ts';
import { expectedVlans, filteringSteps, filters, portVlanChanges, portVlanSteps, wantsVlans } from './bridge-vlan.ts';
import type { LinkKind, ResolvedAdd } from './kind.ts';
import { ETHERNET_MTU } from './limits.ts';
import { bridgeMark, hostEndMark, isOurs, markedFirewall } from './mark.ts';
import { checkIpv6Mtu } from './mtu.ts';
import { BORN, FINISHED } from './unfinished.ts';
import { freeHostIfname, hostEndChanges, pairStep, portWords } from './veth.ts';

export const bridge: LinkKind = {
  word: 'bridge',
  about: 'a veth pair whose host end is a port of this Linux bridge',
  behind: 'link',
  madeByName: /^br/,
  makesParent: true,
  makesBridge: true,
  parentsHave: 'bridge',
  defaultIfname: 'eth1',
  takes: {
    ovsDatapath: false,
    host: false,
    mac: true,
    hostIfname: true,
    trunk: true,
    tag: 'vlan',
    modes: [],
    isolations: [],
  },
  needs: ['host-ifname', 'firewall'],

  plan(request, facts) {
    const { parent } = facts;
    const { parentName: name, ifname } = request;
    checkParent(name, parent);
    const hostIfname = freeHostIfname(request, facts);
    const mtu = request.mtu ?? parent?.mtu ?? ETHERNET_MTU;
    checkIpv6Mtu(mtu, request);
    const mac = request.mac ?? facts.freshMac.link;
    const made = bridgeSteps(request, facts);
    const announce = inContainer(['ip', 'link', 'set', 'dev', ifname, 'address', mac]);
    // Somebody else's bridge that is down will not forward however long one waits.
    const never = parent?.up === false && !isOurs(parent.alias);
    return {
      host: [...made.steps, ...pairSteps(request, hostIfname, mtu, mac, facts)],
      up: 'before-addresses',
      announce: [never ? announce : { ...announce, onceForwarding: { port: hostIfname, bridge: name } }],
      warnings: [...made.warnings, ...mtuWarning(name, mtu, parent)],
    };
  },

  changes(request, facts) {
    const { parent, hostSide } = facts;
    const { end, port } = hostSide;
    if (parent === null || end === null) return [];
    const isFiltered = wantsVlans(request) || filters(parent);
    return [
      ...(isOurs(parent.alias) && !parent.up ? [upStep(parent.ifname)] : []),
      ...filteringSteps(request, parent),
      ...(isFiltered ? portVlanChanges(request, end.ifname, port, parent) : []),
      ...hostEndChanges(end, request, facts),
    ];
  },

  expected: (request, parent) => ({
    kind: 'veth',
    mode: null,
    parent: request.parentName,
    ...expectedVlans(request, parent),
  }),
};

function checkParent(name: string, link: LinkFacts | null): void {
  if (link === null || link.kind === 'bridge') return;
  const what = link.kind === null ? 'a NIC' : `of kind ${link.kind}`;
  throw new StateError('parent-kind', `parent ${name}: not a bridge, but ${what}`, `netwire ${name} ...`);
}

function pairSteps(request: ResolvedAdd, hostIfname: string, mtu: number, mac: string, facts: AddFacts): Step[] {
  const { target, parent, freshMac } = facts;
  const mark = hostEndMark(target.netns, target.canonical);
  const vlans = portVlanSteps(request, hostIfname, parent);
  const set = (...words: string[]) => onHost(['ip', 'link', 'set', 'dev', hostIfname, ...words]);
  return [
    pairStep(
      { place: 'host', ifname: hostIfname, mac: freshMac.hostEnd },
      { place: 'container', ifname: request.ifname, mac },
      mtu,
      'host',
    ),
    ...(vlans.length === 0
      ? [set('alias', mark, 'master', request.parentName, ...portWords(mtu, facts), 'up')]
      : [set('alias', mark, 'master', request.parentName, ...portWords(mtu, facts)), ...vlans, set('up')]),
  ];
}

/** The bridge itself: made when missing, set up when it is ours and down. */
function bridgeSteps(request: ResolvedAdd, facts: AddFacts): { steps: Step[]; warnings: string[] } {
  const { parent, firewall } = facts;
  const bridge = request.parentName;
  const filtering = parent === null ? [] : filteringSteps(request, parent);
  if (parent !== null && !isOurs(parent.alias))
    return { steps: filtering, warnings: foreignWarnings(parent, firewall) };

  const has = firewall.filter((one) => hasOwnRule(one, bridge));
  const dropping = request.firewall ? firewall.filter((one) => one.drops && !hasOwnRule(one, bridge)) : [];
  const rules = dropping.map((one) => acceptStep(one, bridge));
  const warnings = firewall.flatMap((one) => (one.unreadable === null ? [] : (firewallWarning(one, bridge) ?? [])));
  const mark = bridgeMark([
    ...new Set([...markedFirewall(parent?.alias ?? null), ...[...has, ...dropping].map(({ command }) => command)]),
  ]);
  if (parent !== null) {
    const steps = parent.up ? [] : [upStep(bridge)];
    if (mark !== parent.alias && firewall.length > 0) steps.push(markStep(bridge, mark, parent.alias ?? ''));
    return { steps: [...steps, ...filtering, ...rules], warnings };
  }
  const vlanAware = wantsVlans(request) ? ['vlan_filtering', '1'] : [];
  return {
    steps: [
      // With a MAC of its own it does not take on its lowest port's, which changes as ports come and go.
      onHost(
        [
          'ip',
          'link',
          'add',
          'name',
          bridge,
          'address',
          facts.freshMac.bridge,
          ...BORN,
          'type',
          'bridge',
          ...vlanAware,
        ],
        ['ip', 'link', 'del', 'dev', bridge],
      ),
      // No container shall give the host a default route; a kernel without IPv6 has no such setting.
      { ...onHost(['sysctl', '-w', `net/ipv6/conf/${bridge}/accept_ra=0`]), mayFail: true },
      onHost(['ip', 'link', 'set', 'dev', bridge, 'alias', mark, ...FINISHED, 'up']),
      ...rules,
    ],
    warnings,
  };
}

function upStep(bridge: string): Step {
  const set = ['ip', 'link', 'set', 'dev', bridge];
  return onHost([...set, 'up'], [...set, 'down']);
}

function markStep(bridge: string, mark: string, old: string): Step {
  const set = ['ip', 'link', 'set', 'dev', bridge, 'alias'];
  return onHost([...set, mark], [...set, old]);
}

function foreignWarnings(parent: LinkFacts, firewall: readonly FirewallFacts[]): string[] {
  const warnings = firewall.flatMap((one) => firewallWarning(one, parent.ifname) ?? []);
  if (!parent.up)
    warnings.push(`${parent.ifname}: the bridge is down and forwards nothing; try: ip link set ${parent.ifname} up`);
  return warnings;
}

/** A new bridge takes on its first port's. */
function mtuWarning(bridge: string, mtu: number, parent: LinkFacts | null): string[] {
  const limit = parent?.mtu ?? mtu;
  return mtu > limit ? [`${bridge}: frames above its MTU of ${limit} are dropped; the port has ${mtu}`] : [];
}
