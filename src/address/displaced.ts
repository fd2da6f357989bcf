/** For which families a link's default routes displaced others. */
import type { LinkFacts, RouteFacts } from '../facts.ts';
import type { Family } from '../family.ts';
import { isOurs, markedGateways } from '../link/mark.ts';
import { DEMOTION, isOnlyBy, isStatic } from './default-route.ts';

/** As its mark says; where somebody took the mark away, those in which its default route comes first, and demoted ones behind it. */
export function displacedBy({ alias, ifname }: LinkFacts, routes: readonly RouteFacts[]): Family[] {
  if (isOurs(alias)) return markedGateways(alias);
  return (['inet', 'inet6'] as const).filter((family) => {
    const all = routes.filter((route) => route.family === family);
    const own = all.filter((route) => isOnlyBy(route, ifname) && isStatic(route));
    const others = all.filter((route) => !own.includes(route));
    const first = Math.min(...own.map(({ metric }) => metric));
    const isFirst = own.length > 0 && others.every(({ metric }) => metric > first);
    return isFirst && others.some(({ metric }) => metric >= DEMOTION);
  });
}
