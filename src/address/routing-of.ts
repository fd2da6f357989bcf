/** What a link's routes are, in the words they are asked for by. */
import type { Attachment } from '../attachment.ts';
import type { LinkFacts, RouteFacts, WaysFacts } from '../facts.ts';
import { markedGateways, markedTable } from '../link/mark.ts';
import { DEMOTION, gatewaysBy } from './default-route.ts';
import { dstOf, isOfTable, tableOf } from './own-routes.ts';

type Keys = Pick<Attachment, 'gateway' | 'default_route' | 'metric' | 'table' | 'route'>;

/** Metrics that the kernel gives by itself: 0 for IPv4, 1024 for IPv6 (net/ipv6/route.c, IP6_RT_PRIO_USER). */
const OWN_METRICS: readonly number[] = [0, 1024];

export function routingOf(link: LinkFacts, { defaultRoutes, ownRoutes }: WaysFacts): Keys {
  const table = markedTable(link.alias);
  const own = ownRoutes.filter(
    (route) => route.devs.includes(link.ifname) && tableOf(route) === (table === null ? null : String(table)),
  );
  const further = own.filter((route) => !isOfTable(route));
  const gateway =
    table === null
      ? gatewaysBy(link, defaultRoutes)
      : own.filter((route) => dstOf(route) === 'default').flatMap((route) => route.gateway ?? []);
  const byLink = defaultRoutes.filter(({ devs, protocol }) => devs.includes(link.ifname) && protocol !== 'ra');
  const [first] = table === null && byLink.length > 0 ? byLink : own;
  const marked = markedGateways(link.alias);
  const isFirst = gateway.every((one) => marked.includes(one.includes(':') ? 'inet6' : 'inet'));
  return {
    gateway,
    default_route: table !== null || gateway.length === 0 ? null : isFirst ? 'take' : 'keep',
    metric: first ? metricOf(first) : null,
    table,
    route: further.map((route) => `${dstOf(route)}${route.gateway === null ? '' : `@${route.gateway}`}`),
  };
}

/** Without what it was demoted by. */
function metricOf({ metric }: RouteFacts): number | null {
  const own = metric % DEMOTION;
  return OWN_METRICS.includes(own) ? null : own;
}
