/**
 * Routes of others that a link's end would take along: those that go by it among other links, and those
 * sent from one of its addresses. They stay, without it.
 */
import type { LinkFacts, RouteFacts } from '../facts.ts';
import { type Place, type Step, stepIn } from '../plan/step.ts';
import { isOnlyBy, isStatic, withMetric } from './default-route.ts';
import { keywordAt, wordAfter } from './route-words.ts';

/** Routes as they are once a link is out of them, and what makes them so; each step with its inverse. */
export function released(
  place: Place,
  { ifname, addresses }: LinkFacts,
  routes: readonly RouteFacts[],
): { routes: readonly RouteFacts[]; steps: readonly Step[] } {
  const own = addresses.map(({ local }) => local);
  const steps: Step[] = [];
  const left = routes.map((route) => {
    if (isOnlyBy(route, ifname) || !isStatic(route)) return route;
    const free = withoutSource(withoutHop(route, ifname), own);
    if (free.words.join() !== route.words.join()) steps.push(exchange(place, route, free));
    return free;
  });
  return { routes: left, steps };
}

/** A route that is not sent from one of these addresses any more. */
export function withoutSource(route: RouteFacts, addresses: readonly string[]): RouteFacts {
  const at = keywordAt(route.words, 'src');
  if (at === -1 || !addresses.includes(route.words[at + 1] ?? '')) return route;
  return { ...route, words: route.words.toSpliced(at, 2) };
}

/** A multipath route (ip-route(8), nexthop) without its hops by a link. */
function withoutHop(route: RouteFacts, ifname: string): RouteFacts {
  if (!route.devs.includes(ifname)) return route;
  const begins = route.words.flatMap((word, i) => (word === 'nexthop' && route.words[i - 1] !== 'dev' ? [i] : []));
  const hops = begins.map((at, i) => route.words.slice(at, begins[i + 1]));
  const kept = hops.filter((hop) => wordAfter(hop, 'dev') !== ifname);
  const devs = route.devs.filter((dev) => dev !== ifname);
  return { ...route, devs, words: [...route.words.slice(0, begins[0]), ...kept.flat()] };
}

/** In one go: there is no moment without it. */
function exchange(place: Place, from: RouteFacts, to: RouteFacts): Step {
  return stepIn(place, withMetric('replace', to, to.metric), withMetric('replace', from, from.metric));
}
