/**
 * What a link carries, taken off piece by piece before the link is moved away or set aside: the kernel
 * would drop it all at once, and nothing could be put back when a later step fails.
 */
import { StateError } from '../errors.ts';
import type { AddressFacts, LinkFacts, MovedFacts, RouteFacts } from '../facts.ts';
import { type Place, type Step, stepIn } from '../plan/step.ts';
import { isStatic, withMetric } from './default-route.ts';
import { wordAfter } from './route-words.ts';

/**
 * Each step's inverse puts one piece back, so that undoing them last first ends as it began: up, then
 * the addresses, then the neighbours and the routes that need them. What comes by itself (the
 * link-local address, routes learned from a router) is left to come by itself.
 *
 * @throws StateError where something could not be put back
 */
export function clearanceSteps(
  place: Place,
  { link, routes, neighbours, sysctls }: Pick<MovedFacts, 'link' | 'routes' | 'neighbours' | 'sysctls'>,
): Step[] {
  checkReturnable(link, routes);
  const dev = link.ifname;
  const steps: Step[] = [];
  const take = (command: readonly string[], undo: readonly string[], mayFail = false) =>
    steps.push({ ...stepIn(place, command, undo), returns: true, mayFail });
  for (const route of farFirst(routes.filter(isStatic)))
    take(withMetric('del', route, route.metric), withMetric('add', route, route.metric));
  for (const words of neighbours)
    take(['ip', 'neigh', 'del', words[0] ?? '', 'dev', dev], ['ip', 'neigh', 'replace', ...words]);
  for (const address of removalOrder(link.addresses.filter(isGiven))) {
    const command = ['ip', 'addr', 'del', ...nameOf(address), 'dev', dev];
    // A link-local address that the kernel made comes back by itself; it is no failure that it is there.
    const verb = address.scope === 'link' && address.family === 'inet6' ? 'replace' : 'add';
    // A lease's may have gone with its client, which was ended before.
    take(command, ['ip', 'addr', verb, ...address.words, 'dev', dev], address.dynamic);
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

/**
 * In which order addresses go, so that they stand as before when they are put back last first: the kernel
 * lists IPv4's oldest first, where the first of a prefix takes its secondary ones along and so goes last,
 * and IPv6's newest first, of which the newest is the one it sends from.
 */
export function removalOrder<T extends { readonly family: AddressFacts['family'] }>(addresses: readonly T[]): T[] {
  const of = (family: AddressFacts['family']) => addresses.filter((one) => one.family === family);
  return [...of('inet6'), ...of('inet').reverse()];
}

/** What `ip addr del` knows an address by. */
export function nameOf({ words, local, prefixlen }: AddressFacts): readonly string[] {
  return words[1] === 'peer' ? words.slice(0, 3) : [`${local}/${prefixlen}`];
}

/** @throws StateError where something could not be put back if a later step failed */
function checkReturnable({ ifname }: LinkFacts, routes: readonly RouteFacts[]): void {
  const refuse = ({ words }: RouteFacts, why: string) =>
    new StateError(
      'route',
      `${ifname}: its route ${words.join(' ')} ${why}, so it could not be given back if a step failed`,
      `ip route del ${words.slice(0, 3).join(' ')}`,
    );
  const own = routes.filter(({ protocol }) => protocol !== 'ra');
  const stuck = own.find(({ unwritable }) => unwritable.length > 0);
  if (stuck) throw refuse(stuck, `has ${stuck.unwritable.join(', ')}`);
  const seen = new Set<string>();
  for (const route of own) {
    const { family, metric, words } = route;
    const table = wordAfter(words, 'table') ?? 'main';
    const key = [family, words[0], table, metric].join(' ');
    if (seen.has(key)) throw refuse(route, 'has the destination and the metric of another');
    seen.add(key);
  }
}

/** Addresses that are lost with the link and do not come back by themselves: a lease is among them. */
export function isSet({ family, scope, dynamic }: AddressFacts): boolean {
  return family === 'inet' || (scope !== 'link' && !dynamic);
}

/** Those, and what a router's advertisement gave, which may come late; of link-local ones those of several. */
function isGiven({ family, scope, temporary }: AddressFacts, _: number, all: readonly AddressFacts[]): boolean {
  if (family === 'inet') return true;
  if (scope === 'link') return all.filter((one) => one.family === 'inet6' && one.scope === 'link').length > 1;
  return !temporary;
}

/** Routes by a gateway before the routes that the gateways are reached by. */
export function farFirst(routes: readonly RouteFacts[]): RouteFacts[] {
  return [...routes.filter(({ gateway }) => gateway !== null), ...routes.filter(({ gateway }) => gateway === null)];
}
