/**
 * What a link carries, taken off piece by piece before the link is moved away or set aside: the kernel
 * would drop it all at once, and nothing could be put back when a later step fails.
 */
import type { AddressFacts, MovedFacts, RouteFacts } from '../facts.ts';
import { type Place, type Step, stepIn } from '../plan/step.ts';
import { isStatic, withMetric } from './default-route.ts';

/**
 * Each step's inverse puts one piece back, so that undoing them last first ends as it began: up, then
 * the addresses, then the routes that need them. What comes by itself (link-local addresses, those
 * and the routes learned from a router) is left to come by itself.
 */
export function clearanceSteps(
  place: Place,
  { link, routes, sysctls }: Pick<MovedFacts, 'link' | 'routes' | 'sysctls'>,
): Step[] {
  const dev = link.ifname;
  const steps: Step[] = [];
  const take = (command: readonly string[], undo: readonly string[]) =>
    steps.push({ ...stepIn(place, command, undo), returns: true });
  for (const route of farFirst(routes.filter(isStatic)))
    take(withMetric('del', route, route.metric), withMetric('add', route, route.metric));
  // The first of a prefix takes its secondary ones along, so it goes last.
  for (const { words, local, prefixlen } of link.addresses.filter(isSet).reverse()) {
    const name = words.includes('peer') ? words.slice(0, 3) : [`${local}/${prefixlen}`];
    take(['ip', 'addr', 'del', ...name, 'dev', dev], ['ip', 'addr', 'add', ...words, 'dev', dev]);
  }
  const set = ['ip', 'link', 'set', 'dev', dev];
  if (link.up) take([...set, 'down'], [...set, 'up']);
  // Read here, so that they can be written back: the move makes them the defaults.
  if (sysctls.length > 0)
    take(
      ['sysctl', ...sysctls.map(([key]) => key)],
      ['sysctl', '-w', ...sysctls.map(([key, value]) => `${key}=${value}`)],
    );
  return steps;
}

/** Addresses that are lost with the link: a lease is among them, what IPv6 makes up is not. */
export function isSet({ family, scope, dynamic }: AddressFacts): boolean {
  return family === 'inet' || (scope !== 'link' && !dynamic);
}

/** Routes by a gateway before the routes that the gateways are reached by. */
export function farFirst(routes: readonly RouteFacts[]): RouteFacts[] {
  return [...routes.filter(({ gateway }) => gateway !== null), ...routes.filter(({ gateway }) => gateway === null)];
}
