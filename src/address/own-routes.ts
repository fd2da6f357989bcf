/**
 * Routes and rules that netwire makes besides default routes. They are known again by their protocol
 * (rtnetlink(7), rtm_protocol), so that nothing of it is kept elsewhere and nobody else's is touched.
 *
 * With a table of the link's own (ip-rule(8)) that table has the link's prefixes, gateway and routes, and
 * a rule sends there what is sent from its addresses: a host with two uplinks answers by the one it was
 * asked on.
 */
import type { LinkFacts, RouteFacts, RuleFacts } from '../facts.ts';
import type { Family } from '../family.ts';
import { type Place, type Step, stepIn } from '../plan/step.ts';
import type { AddressRequest, Routing } from '../request.ts';
import { bitsOf, Prefix } from './prefix.ts';
import { wordAfter } from './route-words.ts';
import { setAddresses } from './set-addresses.ts';

/** A number that iproute2's etc/iproute2/rt_protos gives to nobody. */
export const OWN_PROTOCOL = '110';

export const NO_ROUTING: Routing = { routes: [], metric: null, keepsDefault: false, table: null };

/** A route as it is asked for. */
interface Wanted {
  readonly family: Family;
  readonly dst: string;
  readonly via: string | null;
  readonly viaOnLink: boolean;
  readonly src: string | null;
}

/** Addresses without their gateways, where these become no default routes of the main table. */
export function withMainGateways(addresses: readonly AddressRequest[], { table }: Routing): readonly AddressRequest[] {
  return table === null ? addresses : addresses.map((one) => ({ ...one, gateway: null }));
}

/** Families whose default routes are demoted for the gateways asked for. */
export function displacedFamilies(addresses: readonly AddressRequest[], { table, keepsDefault }: Routing): Family[] {
  if (table !== null || keepsDefault) return [];
  return [...new Set(addresses.flatMap(({ family, gateway }) => (gateway === null ? [] : [family])))];
}

/** The routes besides default routes of the main table, and the rules. */
export function ownRouteSteps(
  place: Place,
  ifname: string,
  addresses: readonly AddressRequest[],
  routing: Routing,
): Step[] {
  return [
    ...wantedRoutes(addresses, routing).map((one) => routeStep(place, routeWords(one, ifname, routing))),
    ...wantedRules(addresses, routing).map((rule) => ruleStep(place, rule)),
  ];
}

/** Makes those that are there the ones asked for: what goes first, what comes last. */
export function ownRouteChanges(
  place: Place,
  link: LinkFacts,
  has: { readonly routes: readonly RouteFacts[]; readonly rules: readonly RuleFacts[] },
  addresses: readonly AddressRequest[],
  routing: Routing,
): { unwanted: readonly RouteFacts[]; take: readonly Step[]; give: readonly Step[] } {
  const asked = wantedRoutes(addresses, routing);
  const isAsked = (route: RouteFacts) => asked.some((one) => isSame(route, one, routing));
  const own = has.routes.filter(isOwn);
  const rules = wantedRules(addresses, routing);
  const mine = rulesOf(link, has.rules);
  return {
    unwanted: own.filter((route) => !isAsked(route)),
    take: mine
      .filter((rule) => !rules.some((one) => ruleKey(one) === ruleKey(rule)))
      .map((rule) => inverse(ruleStep(place, rule))),
    give: [
      ...asked
        .filter((one) => !own.some((route) => isSame(route, one, routing)))
        .map((one) => routeStep(place, routeWords(one, link.ifname, routing))),
      ...rules
        .filter((rule) => !mine.some((one) => ruleKey(one) === ruleKey(rule)))
        .map((rule) => ruleStep(place, rule)),
    ],
  };
}

/** How they differ from those asked for, a phrase each. */
export function ownRouteDifferences(
  { ifname, ...link }: LinkFacts,
  has: { readonly routes: readonly RouteFacts[]; readonly rules: readonly RuleFacts[] },
  addresses: readonly AddressRequest[],
  routing: Routing,
): string[] {
  const own = has.routes.filter((route) => isOwn(route) && route.devs.includes(ifname));
  const asked = wantedRoutes(addresses, routing);
  const rules = wantedRules(addresses, routing);
  const mine = rulesOf({ ifname, ...link }, has.rules);
  const inTable = (table: number | string | null) => (table === null ? '' : ` in table ${table}`);
  const named = (dst: string, via: string | null, table: number | string | null) =>
    `${dst}${via === null ? '' : ` by ${via}`}${inTable(table)}`;
  return [
    ...asked
      .filter((one) => !own.some((route) => isSame(route, one, routing)))
      .map(({ dst, via }) => `it has no route to ${named(dst, via, routing.table)} as asked`),
    ...own
      .filter((route) => !asked.some((one) => isSame(route, one, routing)))
      .map((route) => `it has a route to ${named(dstOf(route), route.gateway, tableOf(route))}`),
    ...rules
      .filter((rule) => !mine.some((one) => ruleKey(one) === ruleKey(rule)))
      .map(({ from, table }) => `no rule sends what is sent from ${from} by table ${table}`),
    ...mine
      .filter((rule) => !rules.some((one) => ruleKey(one) === ruleKey(rule)))
      .map(({ from, table }) => `a rule sends what is sent from ${from} by table ${table}`),
  ];
}

/** Takes rules away; what else is a link's goes with it. */
export function unruleSteps(place: Place, link: LinkFacts, rules: readonly RuleFacts[]): Step[] {
  return rulesOf(link, rules).map((rule) => inverse(ruleStep(place, rule)));
}

/** Takes away rules of netwire's for addresses that no link has any more. */
export function abandonedRuleSteps(place: Place, links: readonly LinkFacts[], rules: readonly RuleFacts[]): Step[] {
  const held = new Set(links.flatMap(({ addresses }) => addresses.map(({ local }) => local)));
  return rules
    .filter(({ protocol, from }) => protocol === OWN_PROTOCOL && !held.has(from))
    .map((rule) => inverse(ruleStep(place, rule)));
}

/** Did netwire make this route, and not as a default route of the main table? */
export function isOwn({ protocol }: RouteFacts): boolean {
  return protocol === OWN_PROTOCOL;
}

/** The table a route is in; null: the main one. */
export function tableOf({ words }: RouteFacts): string | null {
  return wordAfter(words, 'table');
}

/** Where a route leads to, as it is asked for. */
export function dstOf({ words: [dst = ''] }: RouteFacts): string {
  return dst === '0.0.0.0/0' || dst === '::/0' ? 'default' : dst;
}

/** What a table has besides what was asked for by `--route`: the link's prefixes and its gateway. */
export function isOfTable(route: RouteFacts): boolean {
  return tableOf(route) !== null && (dstOf(route) === 'default' || wordAfter(route.words, 'src') !== null);
}

function wantedRoutes(addresses: readonly AddressRequest[], { routes, table }: Routing): Wanted[] {
  const further = routes.map((one) => ({ ...one, src: null }));
  if (table === null) return further;
  const prefixes = new Map<string, Wanted>();
  for (const { family, local, prefixlen } of addresses) {
    const dst = networkOf(family, local, prefixlen);
    if (dst !== local && !prefixes.has(dst)) prefixes.set(dst, { family, dst, via: null, viaOnLink: true, src: local });
  }
  const gateways = new Map(addresses.flatMap((one) => (one.gateway === null ? [] : [[one.family, one]])));
  const defaults = [...gateways.values()].map(({ family, gateway, gatewayOnLink }) => ({
    ...{ family, dst: 'default', via: gateway, viaOnLink: gatewayOnLink, src: null },
  }));
  return [...prefixes.values(), ...defaults, ...further];
}

function networkOf(family: Family, local: string, prefixlen: number): string {
  const network = Prefix.parse(`${local}/${prefixlen}`).first.text;
  return prefixlen === bitsOf(family) ? network : `${network}/${prefixlen}`;
}

function routeWords({ dst, via, viaOnLink, src }: Wanted, ifname: string, { table, metric }: Routing): string[] {
  return [
    dst,
    ...(via === null ? [] : ['via', via]),
    ...['dev', ifname],
    ...(viaOnLink ? [] : ['onlink']),
    ...['proto', OWN_PROTOCOL],
    ...(table === null ? [] : ['table', String(table)]),
    ...(src === null ? [] : ['src', src]),
    ...(metric === null ? [] : ['metric', String(metric)]),
  ];
}

function routeStep(place: Place, words: readonly string[]): Step {
  return stepIn(place, ['ip', 'route', 'add', ...words], ['ip', 'route', 'del', ...words]);
}

/** What a request leaves open, the metric, matches anything. */
function isSame(route: RouteFacts, { family, dst, via, src }: Wanted, { table, metric }: Routing): boolean {
  return (
    route.family === family &&
    dstOf(route) === dst &&
    route.gateway === via &&
    tableOf(route) === (table === null ? null : String(table)) &&
    (src === null || wordAfter(route.words, 'src') === src) &&
    (metric === null || route.metric === metric)
  );
}

type Rule = Pick<RuleFacts, 'family' | 'from' | 'table'>;

function wantedRules(addresses: readonly AddressRequest[], { table }: Routing): Rule[] {
  return table === null ? [] : addresses.map(({ family, local }) => ({ family, from: local, table: String(table) }));
}

/** The rules that netwire made for a link's addresses. */
function rulesOf(link: LinkFacts, rules: readonly RuleFacts[]): RuleFacts[] {
  const own = new Set(setAddresses(link).map(({ local }) => local));
  return rules.filter(({ protocol, from }) => protocol === OWN_PROTOCOL && own.has(from));
}

function ruleKey({ from, table }: Rule): string {
  return `${from} ${table}`;
}

/** ip-rule(8) takes IPv6 only where it is told so. */
function ruleStep(place: Place, { family, from, table }: Rule): Step {
  const rule = (verb: string) => [
    ...['ip', ...(family === 'inet6' ? ['-6'] : []), 'rule', verb, 'from', from],
    ...['lookup', table, 'protocol', OWN_PROTOCOL],
  ];
  return stepIn(place, rule('add'), rule('del'));
}

function inverse({ netns, command, undo }: Step): Step {
  return stepIn(netns, undo ?? [], command);
}
