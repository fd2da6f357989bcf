/**
 * The default route. The one that is displaced is demoted, not deleted: its metric grows by a
 * million. The kernel falls back to it by itself when our link goes, and its old metric can be read
 * off it without any state kept elsewhere.
 */
import { StateError } from '../errors.ts';
import type { LinkFacts, RouteFacts } from '../facts.ts';
import type { Family } from '../family.ts';
import { type Place, type Step, stepIn } from '../plan/step.ts';
import type { AddressRequest, Routing } from '../request.ts';
import { keywordAt } from './route-words.ts';

export const DEMOTION = 1_000_000;

/** Metrics are 32 bits wide (RTA_PRIORITY). */
const METRIC_MAX = 0xffff_ffff;

/** The gateways of the default routes by a link, but for those that a router advertised. */
export function gatewaysBy({ ifname }: LinkFacts, routes: readonly RouteFacts[]): string[] {
  return routes
    .filter(({ devs, protocol }) => devs.includes(ifname) && protocol !== 'ra')
    .flatMap(({ gateway }) => gateway ?? []);
}

/**
 * Routes to the gateways asked for: the old default routes demoted, then ours; or ours behind them.
 *
 * @throws StateError where another default route has the metric asked for
 */
export function gatewaySteps(
  place: Place,
  ifname: string,
  addresses: readonly AddressRequest[],
  routes: readonly RouteFacts[],
  { metric, keepsDefault }: Pick<Routing, 'metric' | 'keepsDefault'>,
): Step[] {
  const gateways = new Map<Family, AddressRequest>();
  for (const address of addresses) if (address.gateway !== null) gateways.set(address.family, address);
  return [...gateways].flatMap(([family, address]) => {
    const others = routes.filter((route) => route.family === family);
    if (keepsDefault) return gatewayStep(place, ifname, address, metricBehind(others, metric));
    return [...demotionSteps(place, others), ...gatewayStep(place, ifname, address, metric)];
  });
}

/** A metric behind all default routes there are; null: there are none. */
export function metricBehind(routes: readonly RouteFacts[], asked: number | null): number | null {
  const same = routes.find(({ metric }) => metric === asked);
  if (same)
    throw new StateError(
      'route',
      `--metric ${asked}: the default route ${same.words.slice(1).join(' ')} has it`,
      'another --metric',
    );
  return asked ?? (routes.length === 0 ? null : Math.max(...routes.map(({ metric }) => metric)) + 1);
}

/**
 * The default route by an address's gateway.
 *
 * @param metric null: the kernel's choice
 */
export function gatewayStep(
  place: Place,
  ifname: string,
  { family, gateway, gatewayOnLink }: AddressRequest,
  metric: number | null = null,
): Step[] {
  if (gateway === null) return [];
  const steps: Step[] = [];
  if (!gatewayOnLink) {
    // A gateway outside the prefix is reached by a route of its own first.
    const host = [`${gateway}/${family === 'inet' ? 32 : 128}`, 'dev', ifname];
    steps.push(stepIn(place, ['ip', 'route', 'add', ...host], ['ip', 'route', 'del', ...host]));
  }
  const route = ['default', 'via', gateway, 'dev', ifname, ...(metric ? ['metric', String(metric)] : [])];
  steps.push(stepIn(place, ['ip', 'route', 'add', ...route], ['ip', 'route', 'del', ...route]));
  return steps;
}

/** Every default route one million further down, the last first, so that none meets another. */
export function demotionSteps(place: Place, routes: readonly RouteFacts[]): Step[] {
  const sorted = [...routes].sort((a, b) => b.metric - a.metric);
  sorted.forEach((route, i) => {
    if (sorted[i + 1]?.metric !== route.metric) return;
    throw new StateError(
      'route',
      `default routes: there are two of metric ${route.metric}, so neither could be told from the other`,
      'leave out @GATEWAY',
    );
  });
  return sorted.flatMap((route) => move(place, route, route.metric + DEMOTION));
}

/** What becomes of the default routes when a link goes. */
export interface Withdrawal {
  /** Before the link is deleted: each step can be undone. */
  readonly before: readonly Step[];
  /** After it, where a route by the link that only the kernel can delete stands in the way until then. */
  readonly after: readonly Step[];
}

/**
 * Takes the default routes by a link away, and brings up by a million everything that stood below
 * them, the first first. What a router advertised goes with the link, as does all that could not be
 * given back.
 *
 * @param families those in which the link displaced others
 */
export function withdrawal(
  place: Place,
  ifname: string,
  families: readonly Family[],
  routes: readonly RouteFacts[],
): Withdrawal {
  const before: Step[] = [];
  const after: Step[] = [];
  for (const family of families) {
    const own = routes.filter((route) => route.family === family && isOnlyBy(route, ifname));
    const others = routes.filter((route) => route.family === family && !own.includes(route));
    const highest = Math.min(...own.filter(isStatic).map(({ metric }) => metric));
    const promotions = promotionSteps(place, Number.isFinite(highest) ? highest : gapBelow(others), others);
    if (own.every(isStatic)) before.push(...own.map((route) => deletionStep(place, route)), ...promotions);
    else after.push(...promotions);
  }
  return { before, after };
}

/**
 * Where our route stood when it is gone already, with the link that went down perhaps: every displacer
 * leaves a step of a million, and the lowest step that nothing stands on was ours.
 *
 * @returns the highest metric of that step
 */
export function gapBelow(routes: readonly RouteFacts[]): number {
  const steps = new Set(routes.map(({ metric }) => Math.floor(metric / DEMOTION)));
  let step = 0;
  while (steps.has(step)) step++;
  return (step + 1) * DEMOTION - 1;
}

/** Does a route leave by one link and no other? */
export function isOnlyBy({ devs }: RouteFacts, ifname: string): boolean {
  return devs.length > 0 && devs.every((dev) => dev === ifname);
}

/** Somebody set it, and it can be written back. */
export function isStatic({ protocol, unwritable }: RouteFacts): boolean {
  return unwritable.length === 0 && protocol !== 'ra';
}

/** Takes a route away. */
export function deletionStep(place: Place, route: RouteFacts): Step {
  return stepIn(place, withMetric('del', route, route.metric), withMetric('add', route, route.metric));
}

/**
 * Brings up by a million what stands below a metric. A route whose old place somebody else has taken, or
 * that cannot be written back, stays where it is.
 */
export function promotionSteps(place: Place, above: number, routes: readonly RouteFacts[]): Step[] {
  const taken = new Set(routes.map(({ metric }) => metric));
  return routes
    .filter((route) => route.metric >= DEMOTION && route.metric > above && isStatic(route))
    .sort((a, b) => a.metric - b.metric)
    .flatMap((route) => {
      if (taken.has(route.metric - DEMOTION)) return [];
      taken.delete(route.metric);
      taken.add(route.metric - DEMOTION);
      return move(place, route, route.metric - DEMOTION);
    });
}

/**
 * The metric is part of a route's identity, so a move is an add and a del; the other way round there
 * would be a moment without a default route.
 */
function move(place: Place, route: RouteFacts, metric: number): Step[] {
  checkWritable(route);
  if (metric > METRIC_MAX)
    throw new StateError('route', `default route ${route.words.join(' ')}: metric ${route.metric} cannot grow further`);
  const [from, to] = [route.metric, metric];
  return [
    stepIn(place, withMetric('add', route, to), withMetric('del', route, to)),
    stepIn(place, withMetric('del', route, from), withMetric('add', route, from)),
  ];
}

/** A route's command, its metric where it belongs. */
export function withMetric(verb: 'add' | 'del' | 'replace', route: RouteFacts, metric: number): string[] {
  // A multipath route's hops come last.
  const hops = keywordAt(route.words, 'nexthop');
  const end = hops === -1 ? route.words.length : hops;
  return ['ip', 'route', verb, ...route.words.toSpliced(end, 0, 'metric', String(metric))];
}

function checkWritable(route: RouteFacts): void {
  if (route.unwritable.length === 0) return;
  throw new StateError(
    'route',
    `default route ${route.words.join(' ')}: it has ${route.unwritable.join(', ')}, which could not be given back`,
    'leave out @GATEWAY',
  );
}
