/**
 * The addresses and default routes of a link that is there, made as they are asked for: nothing else is
 * touched, and each step has an inverse.
 */
import { StateError } from '../errors.ts';
import type { AddressFacts, LinkFacts, RouteFacts, RuleFacts } from '../facts.ts';
import type { Family } from '../family.ts';
import { leasedFamilies } from '../link/mark.ts';
import { type Place, type Step, stepIn } from '../plan/step.ts';
import type { AddressRequest, Routing } from '../request.ts';
import { addressSteps } from './addresses.ts';
import { farFirst, nameOf, removalOrder } from './clearance.ts';
import {
  DEMOTION,
  deletionStep,
  demotionSteps,
  gapBelow,
  gatewayStep,
  isOnlyBy,
  isStatic,
  metricBehind,
  promotionSteps,
  withMetric,
} from './default-route.ts';
import { ownRouteChanges, withMainGateways } from './own-routes.ts';
import { withoutSource } from './released-routes.ts';
import { wordAfter } from './route-words.ts';
import { routesAfter } from './routes-after.ts';
import { setAddresses } from './set-addresses.ts';

/** A link that is there, with what depends on it. */
export interface Addressed {
  readonly place: Place;
  readonly link: LinkFacts;
  /** Routes by it in all tables, but for the kernel's own. */
  readonly routes: readonly RouteFacts[];
  /** Default routes of the namespace it is in. */
  readonly defaultRoutes: readonly RouteFacts[];
  /** Families whose default routes were demoted for it. */
  readonly displaced: readonly Family[];
  /** Rules that netwire made in that namespace. */
  readonly ownRules: readonly RuleFacts[];
}

/** @returns no steps when all is as asked */
export function readdress(there: Addressed, asked: readonly AddressRequest[], routing: Routing): Step[] {
  // A lease's are its client's, and another link is taken where they are to be others.
  const leased = leasedFamilies(there.link.alias);
  const families = (['inet', 'inet6'] as const).filter((family) => !leased.includes(family));
  return families.flatMap((family) => {
    const of = <T extends { family: Family }>(list: readonly T[]) => list.filter((one) => one.family === family);
    return readdressFamily(
      family,
      {
        ...{
          ...there,
          routes: of(there.routes).filter(({ protocol }) => protocol !== 'ra'),
          defaultRoutes: of(there.defaultRoutes),
        },
        ownRules: of(there.ownRules),
      },
      of(setAddresses(there.link)),
      of(asked),
      { ...routing, routes: of(routing.routes) },
    );
  });
}

function readdressFamily(
  family: Family,
  { place, link, routes, defaultRoutes, displaced, ownRules }: Addressed,
  has: readonly AddressFacts[],
  asked: readonly AddressRequest[],
  routing: Routing,
): Step[] {
  const { ifname } = link;
  const { taken, take, give, lost } = changeAddresses(place, ifname, has, asked);
  const byLink = routes.filter((route) => isOnlyBy(route, ifname));
  const ownChanges = ownRouteChanges(place, link, { routes: byLink, rules: ownRules }, asked, routing);
  const flushed = routes.filter((route) => isFlushed(route, ifname, taken, has));
  checkWritable(flushed, ifname);
  const main = withMainGateways(asked, routing);
  const wanted = withWay(main.find(({ gateway }) => gateway !== null) ?? null, byLink);
  // A lease's default route is its client's.
  const own = byLink.filter(
    ({ words, protocol }) => protocol !== 'dhcp' && defaultRoutes.some((one) => one.words.join() === words.join()),
  );
  const isMoved = wanted !== null && isElsewhere(own, wanted, displaced, routing);
  const wrong = own.filter(({ gateway }) => isMoved || gateway !== (wanted?.gateway ?? null));
  // The way to a gateway outside the prefix goes with it.
  const ways = byLink.filter(
    ({ gateway, words }) => gateway === null && !isMoved && wrong.some((one) => words[0] === one.gateway),
  );
  const unwanted = [...wrong, ...ways, ...ownChanges.unwanted];
  const removed = [...new Set([...flushed, ...unwanted])];
  const others = defaultRoutes
    .filter((route) => !isOnlyBy(route, ifname))
    .map((route) =>
      flushed.some(({ words }) => words.join() === route.words.join()) ? withoutSource(route, lost) : route,
    );
  const [first] = own;
  const promotions =
    displaced.includes(family) && (!wanted || isMoved)
      ? promotionSteps(place, first?.metric ?? gapBelow(others), others)
      : [];
  const before = isMoved ? null : (first ?? null);
  return [
    ...ownChanges.take,
    ...farFirst(removed).map((route) => deletionStep(place, route)),
    ...take,
    ...give,
    ...farFirst(flushed.filter((route) => !unwanted.includes(route)))
      .reverse()
      .map((route) => restorationStep(place, withoutSource(route, lost))),
    ...promotions,
    ...(wanted && own.length === wrong.length
      ? newGateway(place, ifname, wanted, before, routesAfter(others, promotions), isMoved ? [] : displaced, routing)
      : []),
    ...ownChanges.give,
  ];
}

/** @throws StateError for a route that goes with an address and could not be put back as it was */
function checkWritable(flushed: readonly RouteFacts[], ifname: string): void {
  const stuck = flushed.find((route) => !isStatic(route));
  if (!stuck) return;
  throw new StateError(
    'route',
    `${ifname}: its route ${stuck.words.join(' ')} goes with an address that is to go, and has ${stuck.unwritable.join(', ')}, which could not be given back`,
    `ip route del ${stuck.words.slice(0, 3).join(' ')}`,
  );
}

/** Does our default route stand in another place among the others than the one that is asked for? */
function isElsewhere(
  own: readonly RouteFacts[],
  { family }: AddressRequest,
  displaced: readonly Family[],
  { metric, keepsDefault }: Routing,
): boolean {
  if (own.length === 0) return false;
  const isFirst = displaced.includes(family);
  return isFirst === keepsDefault || (metric !== null && own.some((one) => one.metric % DEMOTION !== metric));
}

/** A gateway outside the prefix needs no route of its own where there is one. */
function withWay(wanted: AddressRequest | null, routes: readonly RouteFacts[]): AddressRequest | null {
  const hasWay = routes.some(({ gateway, words }) => gateway === null && words[0] === wanted?.gateway);
  return wanted && hasWay ? { ...wanted, gatewayOnLink: true } : wanted;
}

/** A gateway that is asked for, and not there. */
function newGateway(
  place: Place,
  ifname: string,
  wanted: AddressRequest,
  before: RouteFacts | null,
  others: readonly RouteFacts[],
  displaced: readonly Family[],
  { metric, keepsDefault }: Routing,
): Step[] {
  // It only leads elsewhere: it stays in its place among the others.
  if (before !== null) return gatewayStep(place, ifname, wanted, before.metric);
  if (keepsDefault) return gatewayStep(place, ifname, wanted, metricBehind(others, metric));
  // Where somebody took it away, what was demoted for it stays demoted.
  const above = displaced.includes(wanted.family) ? others.filter(({ metric }) => metric < DEMOTION) : others;
  return [...demotionSteps(place, above), ...gatewayStep(place, ifname, wanted, metric)];
}

/** A route goes with the address it is sent from, and IPv4's with the link's last one (net/ipv4/fib_frontend.c). */
function isFlushed(
  { words, devs }: RouteFacts,
  ifname: string,
  taken: readonly AddressFacts[],
  all: readonly AddressFacts[],
): boolean {
  const isLast = taken.length > 0 && taken.length === all.length && taken[0]?.family === 'inet';
  const goesByIt = isLast && devs.includes(ifname);
  const src = wordAfter(words, 'src');
  return goesByIt || (src !== null && taken.some(({ local }) => local === src));
}

function restorationStep(place: Place, route: RouteFacts): Step {
  return stepIn(place, withMetric('add', route, route.metric), withMetric('del', route, route.metric));
}

/**
 * IPv4: the first address of a prefix takes its secondary ones along (net/ipv4/devinet.c), so those
 * that stay are taken and given back.
 */
function changeAddresses(
  place: Place,
  ifname: string,
  has: readonly AddressFacts[],
  asked: readonly AddressRequest[],
): {
  readonly taken: readonly AddressFacts[];
  /** Those that are not given back. */
  readonly lost: readonly string[];
  readonly take: readonly Step[];
  readonly give: readonly Step[];
} {
  const isKept = (one: AddressFacts) => isPlain(one) && asked.some((other) => word(other) === word(one));
  const gone = has.filter((one) => !isKept(one));
  const taken = has.filter((one) => gone.includes(one) || gone.some((other) => areSecondaries(one, other)));
  const fresh = asked.filter((one) => !has.some((other) => isKept(other) && word(other) === word(one)));
  const add = ({ words }: AddressFacts) => ['ip', 'addr', 'add', ...words, 'dev', ifname];
  const del = (one: AddressFacts) => ['ip', 'addr', 'del', ...nameOf(one), 'dev', ifname];
  const stays = new Set(asked.map(({ local }) => local));
  return {
    taken,
    lost: taken.map(({ local }) => local).filter((local) => !stays.has(local)),
    take: removalOrder(taken).map((one) => stepIn(place, del(one), add(one))),
    give: [
      ...removalOrder(taken.filter(isKept))
        .reverse()
        .map((one) => stepIn(place, add(one), del(one))),
      ...addressSteps(place, ifname, fresh),
    ],
  };
}

/** As an address is when it is asked for: without a peer, and with nobody else who has it. */
function isPlain({ dadfailed, words }: AddressFacts): boolean {
  return !dadfailed && words[1] !== 'peer';
}

function word({ local, prefixlen }: { readonly local: string; readonly prefixlen: number }): string {
  return `${local}/${prefixlen}`;
}

/** Two of one prefix: one of them is the other's secondary. */
function areSecondaries(one: AddressFacts, other: AddressFacts): boolean {
  if (one.family !== 'inet' || one.prefixlen !== other.prefixlen) return false;
  const network = ({ local, prefixlen }: AddressFacts) => {
    const bits = local.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
    return Math.floor(bits / 2 ** (32 - prefixlen));
  };
  return network(one) === network(other);
}
