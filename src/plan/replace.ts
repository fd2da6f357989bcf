/** `add --replace`: an attachment that is there is made as it is asked for. */
import { advertisedTo } from '../address/addresses.ts';
import { ownRouteDifferences } from '../address/own-routes.ts';
import { setAddresses } from '../address/set-addresses.ts';
import type { Attachment } from '../attachment.ts';
import { StateError } from '../errors.ts';
import { type AddFacts, type LinkFacts, NO_HOST_SIDE } from '../facts.ts';
import type { Family } from '../family.ts';
import { setAside } from '../link/aside.ts';
import { endChanges } from '../link/end-changes.ts';
import type { Expected, LinkKind, ResolvedAdd } from '../link/kind.ts';
import { leasedFamilies, onceFamilies } from '../link/mark.ts';
import { checkIpv6Mtu } from '../link/mtu.ts';
import { asideName } from '../link/unfinished.ts';
import type { PresentFacts } from '../present-facts.ts';
import type { AddressRequest } from '../request.ts';
import type { AddPlan } from './add.ts';
import { planDel } from './del.ts';
import { dhcpDifferences } from './differences.ts';
import type { Step } from './step.ts';

const FAMILIES = ['inet', 'inet6'] as const;

/** Plans the new one, as if nothing were there. */
type PlanNew = (request: ResolvedAdd, facts: AddFacts) => AddPlan;

/**
 * Changes what differs, in place, where the kernel can; another kind or another parent takes another link,
 * which is made while the old one is set aside.
 *
 * @throws StateError when neither can be done
 */
export function planReplace(
  kind: LinkKind,
  request: ResolvedAdd,
  facts: AddFacts,
  present: PresentFacts,
  attachment: Attachment,
  planNew: PlanNew,
): AddPlan {
  const { link } = present.del;
  const expected = kind.expected(request, facts.parent, link);
  if (takesAnother(expected, attachment, request, facts) || isLeasedAnew(request, attachment, facts))
    return planAnother(expected, request, facts, present, attachment, planNew);
  checkIpv6Mtu(request.mtu ?? link.mtu, request, request.ifname);
  const { addresses, routing, mac, mtu } = request;
  const end = { ...facts.container, ...present.end, place: 'container', link } as const;
  const wanted = { addresses, routing, heard: advertisedTo(request), mac, mtu, announces: kind.takes.mac };
  return {
    steps: [...(kind.changes?.(request, facts) ?? []), ...endChanges(end, wanted)].map(returning),
    cleanup: [],
    warnings: [],
  };
}

/** What is brought back was there before: that it is not to be found then is no success. */
function returning(step: Step): Step {
  return step.undo === null || step.undo.includes('del') ? step : { ...step, returns: true };
}

/**
 * Another client, or none, or one that ended: from the beginning. So with other addresses of a lease's family, or
 * other routes: what the kernel drops along with them would be the client's to give back.
 */
function isLeasedAnew(request: ResolvedAdd, attachment: Attachment, { container }: AddFacts): boolean {
  const { autoconf, addresses, routing } = request;
  const { link, ownRoutes, ownRules } = container;
  if (link === null) return false;
  if (autoconf !== attachment.autoconf) return true;
  if (FAMILIES.some((family) => dhcpDifferences(family, request, link, container).length > 0)) return true;
  const leased = leasedFamilies(link.alias);
  if (leased.length === 0) return false;
  if (leased.some((family) => hasOthers(link, family, addresses))) return true;
  const others = ownRouteDifferences(link, { routes: ownRoutes, rules: ownRules }, addresses, routing);
  const isMoved = attachment.default_route !== null && (attachment.default_route === 'keep') !== routing.keepsDefault;
  const hasMetric = routing.metric === null || routing.metric === attachment.metric;
  return others.length > 0 || isMoved || !hasMetric;
}

/** Of a family, beside its lease, which --once leaves behind like one that somebody set. */
function hasOthers(link: LinkFacts, family: Family, addresses: readonly AddressRequest[]): boolean {
  const named = (all: readonly Pick<AddressRequest, 'family' | 'local' | 'prefixlen'>[]) =>
    all.filter((one) => one.family === family).map(({ local, prefixlen }) => `${local}/${prefixlen}`);
  const [asked, set] = [named(addresses), named(setAddresses(link))];
  const left = onceFamilies(link.alias).includes(family) ? 1 : 0;
  return !asked.every((one) => set.includes(one)) || set.length > asked.length + left;
}

function takesAnother(
  expected: Expected,
  { kind, parent, mode, vlan, pkey }: Attachment,
  { peer, hostIfname }: ResolvedAdd,
  { hostSide }: AddFacts,
): boolean {
  const isPort = hostSide.end !== null;
  const isRenamed = hostIfname !== null && hostIfname !== hostSide.end?.ifname;
  return (
    expected.kind !== kind ||
    expected.parent !== parent ||
    expected.mode !== mode ||
    (expected.pkey ?? null) !== pkey ||
    (!isPort && expected.vlan !== vlan) ||
    (hostSide.switchPort !== null && (isRenamed || hostSide.switchPort.error !== null)) ||
    (peer !== null && hostSide.peer?.link.ifname !== peer.ifname)
  );
}

function planAnother(
  expected: Expected,
  request: ResolvedAdd,
  facts: AddFacts,
  present: PresentFacts,
  attachment: Attachment,
  planNew: PlanNew,
) {
  checkParents(expected, request, facts, attachment);
  const { hostSide, hostIfnameTaken, parent, peer } = facts;
  const aside = setAside(present, asideName(facts.freshMac.hostEnd));
  const isOwnEnd = (request.hostIfname ?? hostSide.end?.ifname) === hostSide.end?.ifname;
  const isOwnPeer = hostSide.peer !== null && hostSide.peer.link.ifname === peer?.container.link?.ifname;
  const planned = planNew(
    { ...request, mac: request.mac ?? keptMac(request, attachment) },
    {
      ...facts,
      container: { ...facts.container, ...aside.ways, link: null },
      hostSide: NO_HOST_SIDE,
      hostIfnameTaken: hostIfnameTaken && !isOwnEnd,
      stalePort: facts.stalePort?.name === hostSide.switchPort?.name ? null : facts.stalePort,
      peer: peer && isOwnPeer ? { ...peer, container: { ...peer.container, ...aside.farWays, link: null } } : peer,
    },
  );
  // What both of them need stays.
  const { hidden } = aside;
  const isOn = (name: string | undefined) => name === request.parentName || name === parent?.ifname;
  const old = hidden && {
    ...hidden,
    bridge: isOn(hidden.bridge?.link.ifname) ? null : hidden.bridge,
    switchBridge: isOn(hidden.switchBridge?.name) ? null : hidden.switchBridge,
    vlanLinkUsers: hidden.vlanLinkUsers + (facts.vlanLink?.ifname === hostSide.parent?.ifname ? 1 : 0),
  };
  const gone = old && planDel(old, present.firewall);
  return {
    ...planned,
    steps: [...aside.steps.map(returning), ...planned.steps],
    cleanup: [...planned.cleanup, ...(gone ? [...gone.steps, ...gone.cleanup] : []), ...aside.cleanup],
    warnings: planned.warnings,
  };
}

/** @throws StateError where the kernel would not have both at once, or would change others along with it */
function checkParents(expected: Expected, request: ResolvedAdd, { parent }: AddFacts, old: Attachment): void {
  const children: readonly string[] = ['macvlan', 'ipvlan'];
  const hint = `netwire del ${old.container} ${old.ifname}`;
  const refuse = (why: string) => new StateError('replace', `${old.ifname}: --replace cannot change ${why}`, hint);
  const isOnTheSame = old.parent === expected.parent && old.vlan === expected.vlan;
  if (isOnTheSame && old.kind !== expected.kind && children.includes(old.kind) && children.includes(expected.kind))
    throw refuse(`a child of ${old.kind} into one of ${expected.kind}: ${old.parent} cannot have both at once`);
  if (isOnTheSame && old.kind === 'ipvlan') throw refuse(`its mode, which all children of ${old.parent} share`);
  if (isOnTheSame && old.kind === 'macvlan' && [old.mode, request.mode].includes('passthru'))
    throw refuse(`to or from passthru, which must be the only child of ${old.parent}`);
  if (old.kind === 'phys' && parent === null) throw refuse(`what is made of ${old.parent}, which is in the container`);
}

/** Peers know a container by its MAC, so another link keeps it where it was the link's own. */
function keptMac({ mode }: ResolvedAdd, { kind, address }: Attachment): string | null {
  return (kind === 'veth' || kind === 'macvlan' || kind === 'dummy') && mode !== 'passthru' ? address : null;
}
