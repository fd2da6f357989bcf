/** Children of a lower link, macvlan's and ipvlan's: made on the host, born in the container. */
import { StateError } from '../errors.ts';
import type { AddFacts, LinkFacts } from '../facts.ts';
import { inContainer, onHost, type Step } from '../plan/step.ts';
import type { Expected, ResolvedAdd } from './kind.ts';
import { checkIpv6Mtu } from './mtu.ts';
import { BORN } from './unfinished.ts';
import { vlanId, vlanLinkName, vlanLinkSteps } from './vlan.ts';

export interface ChildPlan {
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
}

/**
 * @param type what follows `type`: `macvlan mode bridge`
 * @param mac null: none is set
 * @throws StateError when the parent cannot have children, or the MTU is above its own
 */
export function childPlan(
  request: ResolvedAdd,
  facts: AddFacts,
  type: readonly string[],
  mac: string | null,
): ChildPlan {
  const parent = parentOf(request, facts);
  if (parent.infiniband)
    throw new StateError(
      'parent-kind',
      `parent ${parent.ifname}: an InfiniBand link can have ipoib children alone`,
      `netwire ipoib:${parent.ifname} ...`,
    );
  const id = request.tag === null ? null : vlanId(request.tag);
  const lower = id === null ? parent.ifname : vlanLinkName(parent.ifname, id);
  const limit = (id === null ? null : facts.vlanLink?.mtu) ?? parent.mtu;
  const { mtu, warnings } = childLimits(request, parent, lower, limit);
  return {
    steps: [
      ...(id === null ? [] : vlanLinkSteps(parent, id, facts.vlanLink)),
      ...childSteps(request, facts, lower, mtu, mac, type),
    ],
    warnings,
  };
}

/**
 * @param lower the name of the link it is made over, whose MTU is the limit
 * @throws StateError when the MTU is above it
 */
export function childLimits(
  request: ResolvedAdd,
  parent: LinkFacts,
  lower: string,
  limit: number,
): { mtu: number; warnings: readonly string[] } {
  const mtu = request.mtu ?? limit;
  if (mtu > limit)
    throw new StateError('mtu', `--mtu ${mtu}: above the MTU of ${lower}, which is ${limit}`, `--mtu ${limit}`);
  checkIpv6Mtu(mtu, request);
  const warning = `${parent.ifname}: the parent is down, and so is its child; try: ip link set ${parent.ifname} up`;
  return { mtu, warnings: parent.up ? [] : [warning] };
}

/**
 * Makes the child in the container. Kernels before 6.13 look for its name among the links of the
 * namespace that asks, the host's (net/core/rtnetlink.c, __rtnl_newlink): where the host has one of
 * that name, the child is born under another and renamed.
 */
export function childSteps(
  { ifname }: ResolvedAdd,
  { freshMac, ifnameOnHost }: AddFacts,
  lower: string,
  mtu: number | null,
  mac: string | null,
  type: readonly string[],
): Step[] {
  const born = ifnameOnHost ? `nwc${freshMac.peer.replaceAll(':', '')}` : ifname;
  const add = ['ip', 'link', 'add', 'link', lower, 'name', born, ...BORN];
  if (mac !== null) add.push('address', mac);
  if (mtu !== null) add.push('mtu', String(mtu));
  const step: Step = {
    ...onHost([...add, 'netns', { path: 'container' }, 'type', ...type]),
    undo: ['ip', 'link', 'del', 'dev', born],
    undoNetns: 'container',
  };
  const rename = (from: string, to: string) => ['ip', 'link', 'set', 'dev', from, 'name', to];
  return born === ifname ? [step] : [step, inContainer(rename(born, ifname), rename(ifname, born))];
}

/** @throws StateError when there is no such link, or it can neither have children nor be moved */
export function parentOf(request: ResolvedAdd, { parent }: AddFacts): LinkFacts {
  const what = `parent ${request.parentName}`;
  if (parent === null) throw new StateError('no-such-parent', `${what}: no such link`);
  if (parent.loopback)
    throw new StateError(
      'parent-kind',
      `${what}: the loopback can have no children and cannot be moved`,
      'br1, a bridge',
    );
  if (parent.master !== null)
    throw new StateError(
      'parent-kind',
      `${what}: it is a port of ${parent.master}, so it can have no children and cannot be moved`,
      `netwire ${parent.master} ...`,
    );
  return parent;
}

/** What the child of a parent looks like once it is made. */
export function childExpected(
  kind: 'macvlan' | 'ipvlan',
  { parentName, tag }: ResolvedAdd,
  mode: string | null,
): Expected {
  return { kind, mode, parent: parentName, vlan: tag === null ? null : vlanId(tag), trunk: [] };
}
