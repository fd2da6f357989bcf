/**
 * Default routes that are still demoted though what displaced them is gone: its link went by itself, or
 * the netwire that made it was killed.
 */
import type { RouteFacts } from '../facts.ts';
import type { Family } from '../family.ts';
import type { Place, Step } from '../plan/step.ts';
import { DEMOTION, deletionStep, isStatic, promotionSteps } from './default-route.ts';

/**
 * Closes the lowest gap; what stood further up is seen when the routes are read again.
 *
 * @param displacers for each link of netwire's that displaced others, its name and the families
 * @returns no steps when every demoted route still has its displacer
 */
export function abandonedSteps(
  place: Place,
  displacers: readonly { readonly ifname: string; readonly families: readonly Family[] }[],
  routes: readonly RouteFacts[],
): Step[] {
  return (['inet', 'inet6'] as const).flatMap((family) => {
    const own = routes.filter((route) => route.family === family);
    const twice = own.filter((route) => isStatic(route) && own.some((other) => isHalfMoved(route, other)));
    if (twice.length > 0) return twice.map((route) => deletionStep(place, route));
    // A displacer whose own route is gone, with its link that went down perhaps, keeps its place.
    const keeping = displacers.filter(
      ({ ifname, families }) => families.includes(family) && !own.some(({ devs }) => devs.includes(ifname)),
    );
    const [gap] = gapsIn(own).slice(keeping.length);
    return gap === undefined ? [] : promotionSteps(place, (gap + 1) * DEMOTION - 1, own);
  });
}

/** A move is an add and a del; between the two the same route stands in both places. */
function isHalfMoved(route: RouteFacts, other: RouteFacts): boolean {
  return route.metric === other.metric + DEMOTION && route.words.join(' ') === other.words.join(' ');
}

/** The steps of a million below the highest one on which nothing stands. */
function gapsIn(routes: readonly RouteFacts[]): number[] {
  const steps = new Set(routes.map(({ metric }) => Math.floor(metric / DEMOTION)));
  const highest = Math.max(0, ...routes.filter(isStatic).map(({ metric }) => Math.floor(metric / DEMOTION)));
  return Array.from({ length: highest }, (_, step) => step).filter((step) => !steps.has(step));
}
