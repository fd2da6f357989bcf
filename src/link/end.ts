/** One end of an attachment: what is done to a link in a container once it is there. */
import { type Advertised, addressSteps, sysctlSteps } from '../address/addresses.ts';
import { gatewaySteps } from '../address/default-route.ts';
import { displacedFamilies, ownRouteSteps, withMainGateways } from '../address/own-routes.ts';
import { probeSteps } from '../address/probe.ts';
import type { RouteFacts } from '../facts.ts';
import { type Place, type Step, stepIn } from '../plan/step.ts';
import type { AddressRequest, Routing } from '../request.ts';
import type { LinkPlan } from './kind.ts';
import { containerLinkMark, tableWords } from './mark.ts';

export interface End extends Pick<LinkPlan, 'up' | 'mark' | 'silent'> {
  readonly place: Place;
  readonly ifname: string;
  readonly addresses: readonly AddressRequest[];
  readonly routing: Routing;
  /** What is taken from routers' advertisements. */
  readonly heard: Advertised;
  /** Ask the network for the addresses first. */
  readonly probe: boolean;
  /** Those of the namespace it is in. */
  readonly defaultRoutes: readonly RouteFacts[];
}

/**
 * Settings, mark, addresses, up, routes.
 *
 * @throws StateError when a default route stands in the way that cannot be demoted
 */
export function endSteps(end: End): Step[] {
  const { place, ifname, addresses, routing, heard, probe, defaultRoutes, up, mark = [], silent = false } = end;
  const set = (...words: string[]) => stepIn(place, ['ip', 'link', 'set', 'dev', ifname, ...words]);
  const inside = addressSteps(place, ifname, addresses);
  const probing = probe ? probeSteps(place, ifname, addresses) : [];
  const words = [...tableWords(routing.table), ...mark];
  return [
    ...sysctlSteps(place, ifname, addresses, silent, heard),
    set('alias', containerLinkMark(displacedFamilies(addresses, routing), words)),
    ...(up === 'before-addresses' || probe ? [set('up'), ...probing, ...inside] : [...inside, set('up')]),
    ...gatewaySteps(place, ifname, withMainGateways(addresses, routing), defaultRoutes, routing),
    ...ownRouteSteps(place, ifname, addresses, routing),
  ];
}
