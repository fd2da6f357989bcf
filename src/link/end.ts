/** One end of an attachment: what is done to a link in a container once it is there. */
import { addressSteps, sysctlSteps } from '../address/addresses.ts';
import { gatewaySteps } from '../address/default-route.ts';
import type { RouteFacts } from '../facts.ts';
import { type Place, type Step, stepIn } from '../plan/step.ts';
import type { AddressRequest } from '../request.ts';
import type { LinkPlan } from './kind.ts';
import { containerLinkMark } from './mark.ts';

export interface End extends Pick<LinkPlan, 'up' | 'mark' | 'silent'> {
  readonly place: Place;
  readonly ifname: string;
  readonly addresses: readonly AddressRequest[];
  /** Those of the namespace it is in. */
  readonly defaultRoutes: readonly RouteFacts[];
}

/**
 * Settings, mark, addresses, up, default routes.
 *
 * @throws StateError when a default route stands in the way that cannot be demoted
 */
export function endSteps({ place, ifname, addresses, defaultRoutes, up, mark, silent = false }: End): Step[] {
  const set = (...words: string[]) => stepIn(place, ['ip', 'link', 'set', 'dev', ifname, ...words]);
  const gateways = [...new Set(addresses.flatMap(({ family, gateway }) => (gateway === null ? [] : [family])))];
  const inside = addressSteps(place, ifname, addresses);
  return [
    ...sysctlSteps(place, ifname, addresses, silent),
    set('alias', containerLinkMark(gateways, mark)),
    ...(up === 'before-addresses' ? [set('up'), ...inside] : [...inside, set('up')]),
    ...gatewaySteps(place, ifname, addresses, defaultRoutes),
  ];
}
