/** `add`: request and facts in, plan out. */
import { advertisedTo } from '../address/addresses.ts';
import { chooseClient, displacedByLease, type Lease, leaseSteps, settleStep, startStep } from '../address/dhcp.ts';
import { displacedFamilies, ownRouteSteps } from '../address/own-routes.ts';
import { StateError } from '../errors.ts';
import type { AddFacts, LinkFacts, TargetFacts } from '../facts.ts';
import { attachmentOf } from '../link/attachment.ts';
import { endSteps } from '../link/end.ts';
import type { LinkKind, LinkPlan, ResolvedAdd } from '../link/kind.ts';
import { AUTOCONF_WORD, dhcpWord, withWays } from '../link/mark.ts';
import { DEFAULT_GROUP } from '../link/unfinished.ts';
import { differences } from './differences.ts';
import { planReplace } from './replace.ts';
import { EMPTY_PLAN, inContainer, type Plan, type Step } from './step.ts';

export interface AddPlan extends Plan {
  readonly warnings: readonly string[];
  /** What follows once there is a lease; absent: none is asked for, or there is nothing to do. */
  readonly afterLease?: AfterLease;
}

/** Further routes, and what announces and finishes the link. */
interface AfterLease {
  readonly routes: readonly Step[];
  readonly last: readonly Step[];
}

/**
 * Plans an attachment. The plan is empty when the container has just this one already.
 *
 * @throws StateError when the wanted name is another interface's, and whatever the link kind throws
 */
export function planAdd(kind: LinkKind, request: ResolvedAdd, facts: AddFacts): AddPlan {
  const { container, target, hostSide } = facts;
  const { ifname } = request;
  if (container.link !== null) {
    const attachment = attachmentOf(container.link, target, container, hostSide);
    if (!attachment?.ours)
      throw new StateError(
        'name-taken',
        `${ifname}: ${target.canonical} has an interface of that name, which netwire did not make`,
        '-i NAME',
      );
    const expected = kind.expected(request, facts.parent, container.link);
    const found = differences(request, expected, attachment, container.link, container, hostSide);
    if (found.length === 0) return { ...EMPTY_PLAN, warnings: [] };
    checkAddresses(request, facts);
    if (facts.present !== null)
      return planReplace(kind, request, facts, facts.present, attachment, (other, then) => planNew(kind, other, then));
    throw new StateError(
      'different',
      `${ifname}: ${target.canonical} has it already, but ${found.join('; ')}`,
      `--replace, or netwire del ${target.canonical} ${ifname}`,
    );
  }
  return planNew(kind, request, facts);
}

function planNew(kind: LinkKind, request: ResolvedAdd, facts: AddFacts): AddPlan {
  const { container } = facts;
  const { ifname, addresses, routing, autoconf, probe, dhcp } = request;
  checkAddresses(request, facts);
  const link = kind.plan(request, facts);
  const clients = dhcp.map((one) => ({ asked: one, client: chooseClient(one, facts.dhcp?.installed ?? []) }));
  if (clients.length > 0 && link.silent)
    throw new StateError('dhcp', `${ifname}: no DHCP server hears what is sent in mode ${request.mode}`);
  const mark = [
    ...clients.map(({ asked, client }) => dhcpWord(asked.family, client, asked.once)),
    ...(autoconf ? [AUTOCONF_WORD] : []),
    ...(link.mark ?? []),
  ];
  // A router that the lease's prefix leads to is not reached before.
  const early = dhcp.length > 0 ? { ...routing, routes: [] } : routing;
  const heard = advertisedTo(request);
  const end = { ...link, ...container, mark, place: 'container', ifname, addresses, heard, probe } as const;
  const steps = [...link.host, ...endSteps({ ...end, routing: early })];
  const last = finished(ifname, link);
  const { warnings } = link;
  if (dhcp.length === 0 && !autoconf) return { steps: [...steps, ...last], cleanup: [], warnings };
  return {
    steps: [...steps, ...clients.map(({ asked, client }) => startStep(ifname, asked, client, facts))],
    afterLease: { routes: dhcp.length > 0 ? ownRouteSteps('container', ifname, [], routing) : [], last },
    cleanup: [],
    warnings,
  };
}

/**
 * What is done once the network gave what it was asked for; announced and finished at last.
 *
 * @param leases one for each that was asked for
 */
export function planLease(
  request: ResolvedAdd,
  facts: AddFacts,
  leases: readonly Lease[],
  link: LinkFacts,
  { routes, last }: AfterLease,
): Plan {
  const { ifname, dhcp, routing, addresses } = request;
  const { defaultRoutes, elsewhere } = facts.container;
  for (const { address } of leases) {
    const other = elsewhere.get(address);
    if (other !== undefined)
      throw new StateError('address-taken', `${address}: the DHCP server gave an address that ${other} has already`);
  }
  const displaced = leases.flatMap((lease) => displacedByLease(lease, routing));
  const families = [...new Set([...displacedFamilies(addresses, routing), ...displaced])];
  const alias = ['ip', 'link', 'set', 'dev', ifname, 'alias'];
  const mark = withWays(link.alias, families, routing.table);
  const isKept = !dhcp.some(({ once }) => once);
  return {
    steps: [
      ...(mark === link.alias ? [] : [inContainer([...alias, mark], [...alias, link.alias ?? ''])]),
      ...leases.flatMap((lease) => leaseSteps(ifname, lease, defaultRoutes, routing, isKept)),
      ...routes,
      ...dhcp.map((one) => settleStep(ifname, one, facts)),
      ...last,
    ],
    cleanup: [],
  };
}

/** @throws StateError where another link of the container has an address */
function checkAddresses({ addresses, peer }: ResolvedAdd, { container, target, peer: found }: AddFacts): void {
  const refuse = ({ canonical }: TargetFacts, local: string, other: string) =>
    new StateError('address-taken', `${local}: ${canonical} has this address already, on ${other}`, 'another ADDRESS');
  for (const { local } of addresses) {
    const other = container.elsewhere.get(local);
    if (other !== undefined) throw refuse(target, local, other);
  }
  for (const { local } of peer?.addresses ?? []) {
    const other = found?.container.elsewhere.get(local);
    if (found && other !== undefined) throw refuse(found.target, local, other);
  }
}

/** The last step says that the link is finished: the announcement, where that is a setting of the link's. */
function finished(ifname: string, { announce, group = DEFAULT_GROUP }: LinkPlan): Step[] {
  const words = ['group', group];
  const set = ['ip', 'link', 'set', 'dev', ifname];
  const last = announce.at(-1);
  const isOwn = last?.netns === 'container' && !last.mayFail && set.every((word, i) => last.command[i] === word);
  if (!last || !isOwn) return [...announce, { ...inContainer([...set, ...words]), thenAsked: ifname }];
  return [...announce.slice(0, -1), { ...last, command: [...last.command, ...words], thenAsked: ifname }];
}
