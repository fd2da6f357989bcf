/** Children of a lower link, macvlan's and ipvlan's: made on the host, born in the container. */
import { StateError } from '../errors.ts';
import type { AddFacts, LinkFacts } from '../facts.ts';
import { onHost, type Step } from '../plan/step.ts';
import type { Expected, ResolvedAdd } from './kind.ts';
import { checkIpv6Mtu } from './mtu.ts';
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
  const id = request.tag === null ? null : vlanId(request.tag);
  const lower = id === null ? parent.ifname : vlanLinkName(parent.ifname, id);
  const limit = (id === null ? null : facts.vlanLink?.mtu) ?? parent.mtu;
  const { mtu, warnings } = childLimits(request, parent, lower, limit);
  return {
    steps: [
      ...(id === null ? [] : vlanLinkSteps(parent, id, facts.vlanLink)),
      childStep(request, lower, mtu, mac, type),
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

/** Makes the child, in the container and under its name there. */
export function childStep(
  { ifname }: ResolvedAdd,
  lower: string,
  mtu: number | null,
  mac: string | null,
  type: readonly string[],
): Step {
  const add = ['ip', 'link', 'add', 'link', lower, 'name', ifname];
  if (mac !== null) add.push('address', mac);
  if (mtu !== null) add.push('mtu', String(mtu));
  return {
    ...onHost([...add, 'netns', { path: 'container' }, 'type', ...type]),
    undo: ['ip', 'link', 'del', 'dev', ifname],
    undoNetns: 'container',
  };
}

/** @throws StateError when there is no such link, or it can neither have children nor be moved */
export function parentOf(request: ResolvedAdd, { parent }: AddFacts): LinkFacts {
  const what = `parent ${request.parentName}`;
  if (parent === null) throw new StateError('no-such-parent', `${what}: no such link`);
  if (parent.loopback)
    throw new StateError('parent-kind', `${what}: the loopback can have no children and cannot be moved`);
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
