/** phys: a link of the host itself, moved into the container; with a VLAN, that VLAN of it. */
import { clearanceSteps, isSet } from '../address/clearance.ts';
import { isStatic } from '../address/default-route.ts';
import { StateError } from '../errors.ts';
import type { AddFacts, LinkFacts, MovedFacts } from '../facts.ts';
import { inContainer, onHost } from '../plan/step.ts';
import type { LinkSelector } from '../request.ts';
import { childLimits, childSteps, parentOf } from './child.ts';
import { homeOf, homeWords, markedHome, moveSteps } from './home.ts';
import type { LinkKind, LinkPlan, ResolvedAdd } from './kind.ts';
import { containerLinkMark, markedParent, parentWords } from './mark.ts';
import { checkIpv6Mtu } from './mtu.ts';
import { ASIDE, BORN } from './unfinished.ts';
import { checkIsVlan, vlanId } from './vlan.ts';

export const phys: LinkKind = {
  word: 'phys',
  about: "the link itself: a NIC is the container's until del brings it home",
  behind: 'link',
  madeByName: null,
  // While it is away the host has no such link.
  makesParent: true,
  makesBridge: false,
  defaultIfname: 'eth1',
  takes: {
    ovsDatapath: false,
    host: false,
    mac: true,
    hostIfname: false,
    trunk: false,
    tag: 'vlan',
    modes: [],
    isolations: [],
  },
  needs: ['vlan-link', 'moved', 'ifname-on-host'],

  plan(request, facts) {
    const parent = parentOf(request, facts);
    if (parent.kind === 'bridge' || parent.kind === 'openvswitch')
      throw new StateError(
        'parent-kind',
        `parent ${parent.ifname}: a bridge cannot be moved`,
        `netwire ${parent.ifname} ...`,
      );
    if (request.tag !== null && facts.moved === null) return newVlanPlan(request, facts, parent);
    const { moved } = facts;
    if (moved === null) throw new Error('a link to be moved was not looked at');
    if (request.tag !== null) checkIsVlan(moved.link, parent, vlanId(request.tag));
    return movePlan(request, moved, facts);
  },

  expected(request, parent, link) {
    if (request.tag !== null)
      return { kind: 'vlan', mode: null, parent: request.parentName, vlan: vlanId(request.tag), trunk: [] };
    const name = cameFrom(request.parent.link, link) ?? request.parentName;
    // A VLAN link that was asked for by its own name.
    const vlan = [parent, link].find(
      (one) => one?.kind === 'vlan' && (markedHome(one.alias)?.name ?? one.ifname) === name,
    );
    if (vlan)
      return {
        ...{ kind: 'vlan', mode: null, parent: markedParent(vlan.alias) ?? vlan.link },
        ...{ vlan: Number(vlan.infoData.id), trunk: [] },
      };
    return { kind: 'phys', mode: null, parent: name, vlan: null, trunk: [] };
  },

  parentName: ({ ifname, alias }) => markedHome(alias)?.name ?? ifname,

  explain: (why, { parentName }) =>
    /Invalid argument|immutable/i.test(why)
      ? { message: `${parentName}: the kernel does not let such a link leave its host` }
      : null,
};

/** The old name of a link that is away, when the selector means it. */
function cameFrom(selector: LinkSelector, link: LinkFacts): string | null {
  const home = markedHome(link.alias);
  if (home === null) return null;
  if (selector.by === 'mac') return home.mac === selector.address ? home.name : null;
  return selector.by === 'pci' && home.pci === selector.address ? home.name : null;
}

/** A VLAN link that is not there yet is made in the container, under its name there. */
function newVlanPlan(request: ResolvedAdd, facts: AddFacts, parent: LinkFacts): LinkPlan {
  const { mtu, warnings } = childLimits(request, parent, parent.ifname, parent.mtu);
  const id = String(vlanId(request.tag ?? ''));
  const mac = request.mac ?? parent.address;
  return {
    host: childSteps(request, facts, parent.ifname, mtu, mac, ['vlan', 'id', id]),
    up: 'before-addresses',
    announce: [inContainer(['ip', 'link', 'set', 'dev', request.ifname, 'address', mac])],
    warnings,
  };
}

function movePlan(request: ResolvedAdd, moved: MovedFacts, { target }: AddFacts): LinkPlan {
  const { link, wiphy } = moved;
  const { ifname, mac, mtu, force } = request;
  const vlan = link.kind === 'vlan' && link.link !== null ? parentWords(link.link) : [];
  const home = homeOf(moved, vlan);
  checkMovable(moved, force);
  checkIpv6Mtu(mtu ?? home.mtu, request);
  if (wiphy !== null && target.pid === null)
    throw new StateError('wiphy', `${link.ifname}: Wi-Fi can only be moved to a process's namespace`, 'pid:PID');
  const mark = [...homeWords(home), ...vlan];
  const alias = ['ip', 'link', 'set', 'dev', link.ifname, 'alias'];
  const change = (key: string, to: string, from: string) => {
    const set = ['ip', 'link', 'set', 'dev', ifname, key];
    return to === from ? [] : [inContainer([...set, to], [...set, from])];
  };
  const announced = inContainer(['ip', 'link', 'set', 'dev', ifname, 'address', mac ?? home.mac]);
  return {
    host: [
      // First of all: a netwire that is killed in between leaves a link that says how it was.
      {
        ...onHost([...alias, containerLinkMark([], mark), ...BORN], [...alias, link.alias ?? '', 'group', link.group]),
        returns: true,
      },
      ...clearanceSteps('host', moved),
      ...moveSteps(link, ifname, wiphy, target.pid),
      ...change('address', mac ?? home.mac, link.address),
      ...change('mtu', String(mtu ?? home.mtu), String(link.mtu)),
    ],
    // A NIC may refuse its MAC a second time while it is up; so it announces as it comes up.
    up: 'after-addresses',
    announce: [{ ...announced, mayFail: true }],
    mark,
    group: home.group,
    warnings: moveWarnings(moved, home.alias),
  };
}

/** @throws StateError when the host would lose more than the link */
function checkMovable({ link, routes, children, switchBridge }: MovedFacts, force: boolean): void {
  const { ifname } = link;
  const isDefault = routes.some(({ words }) => ['default', '0.0.0.0/0', '::/0'].includes(words[0] ?? ''));
  if (isDefault && !force)
    throw new StateError(
      'default-route',
      `${ifname}: the host's default route leaves by it; moved away, the host could not be reached any more`,
      '--force, if that is meant',
    );
  if (switchBridge !== null)
    throw new StateError('parent-kind', `${ifname}: it is Open vSwitch's: bridge ${switchBridge}, or a port of it`);
  if (children.some((name) => ASIDE.test(name)))
    throw new StateError(
      'in-use',
      `${ifname}: an interface over it that an earlier line takes back is only gone when all lines are done`,
      'two batches, one after the other',
    );
  if (children.length > 0)
    throw new StateError(
      'in-use',
      `${ifname}: its children, here or in containers, would lose it: ${children.join(', ')}`,
    );
  const shared = routes.find(({ devs }) => devs.length > 1);
  if (shared)
    throw new StateError(
      'route',
      `${ifname}: the route ${shared.words.join(' ')} leaves by other links as well; take this one out of it first`,
    );
}

function moveWarnings({ link, routes }: MovedFacts, kept: string | null): string[] {
  const lost = [
    ...link.addresses.filter(isSet).map(({ local, prefixlen }) => `${local}/${prefixlen}`),
    ...routes.filter(isStatic).map(({ words }) => `the route ${words.join(' ')}`),
  ];
  return [
    ...(lost.length === 0 ? [] : [`${link.ifname}: the host loses ${lost.join(', ')}, and del does not bring it back`]),
    ...(link.alias !== null && kept === null && markedHome(link.alias) === null
      ? [`${link.ifname}: its alias is too long to be kept`]
      : []),
  ];
}
