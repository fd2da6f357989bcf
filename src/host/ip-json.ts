/** What `ip -j -d` prints (iproute2's ip/ipaddress.c, ip/iproute.c) as facts. */

import type { AddressFacts, LinkFacts, RouteFacts, RuleFacts } from '../facts.ts';
import type { Family } from '../family.ts';
import { DEFAULT_GROUP } from '../link/unfinished.ts';

type Json = Record<string, unknown>;

/** Links of `ip -j -d addr show` or `link show`; its empty documents for filtered links are dropped. */
export function linkFacts(documents: readonly unknown[]): LinkFacts[] {
  return documents.filter((document): document is Json => isObject(document) && 'ifindex' in document).map(linkOf);
}

function linkOf(link: Json): LinkFacts {
  const info = object(link.linkinfo);
  const port = object(info.info_slave_data);
  const flags = strings(link.flags);
  return {
    ifindex: Number(link.ifindex),
    ifname: String(link.ifname),
    kind: text(info.info_kind),
    address: text(link.address) ?? '',
    mtu: Number(link.mtu),
    up: flags.includes('UP'),
    operstate: text(link.operstate) ?? 'UNKNOWN',
    master: text(link.master),
    linkIndex: typeof link.link_index === 'number' ? link.link_index : null,
    link: text(link.link),
    alias: text(link.ifalias),
    portState: text(port.state),
    group: text(link.group) ?? DEFAULT_GROUP,
    infiniband: link.link_type === 'infiniband',
    loopback: flags.includes('LOOPBACK'),
    infoData: object(info.info_data),
    addresses: array(link.addr_info)
      .filter(isObject)
      .filter((address) => 'local' in address)
      .map(addressOf),
  };
}

function addressOf(address: Json): AddressFacts {
  return {
    family: address.family === 'inet6' ? 'inet6' : 'inet',
    local: String(address.local),
    prefixlen: Number(address.prefixlen),
    scope: text(address.scope) ?? '',
    dynamic: address.dynamic === true,
    temporary: address.temporary === true,
    dadfailed: address.dadfailed === true,
    tentative: address.tentative === true,
    words: addressWords(address),
  };
}

/** Lifetimes without end (INFINITY_LIFE_TIME, include/net/addrconf.h). */
const FOREVER = 0xffff_ffff;

function addressWords(address: Json): string[] {
  const peer = text(address.address);
  const words = peer === null ? [] : [String(address.local), 'peer'];
  words.push(`${peer ?? address.local}/${address.prefixlen}`);
  for (const key of ['broadcast', 'scope', 'label', 'metric'])
    if (address[key] !== undefined) words.push(key, String(address[key]));
  words.push(...['home', 'mngtmpaddr', 'nodad', 'noprefixroute'].filter((flag) => address[flag] === true));
  const { valid_life_time: valid, preferred_life_time: preferred } = address;
  if (typeof valid === 'number' && valid !== FOREVER)
    words.push('valid_lft', String(valid), 'preferred_lft', String(preferred));
  else if (preferred === 0) words.push('preferred_lft', '0');
  return words;
}

/** Default routes of the main table among those of `ip -j -d route show exact default table all`. */
export function defaultRouteFacts(documents: readonly unknown[]): RouteFacts[] {
  return documents
    .filter(isObject)
    .filter((route) => route.dst === 'default' && (route.table === undefined || route.table === 'main'))
    .map(routeOf);
}

/** Routes of one protocol: `ip -j -d route show table all proto PROTOCOL` leaves it out. */
export function ownRouteFacts(documents: readonly unknown[], protocol: string): RouteFacts[] {
  return documents.filter(isObject).map((route) => routeOf({ ...route, protocol }));
}

/** The MAC that `ip -j neigh show` tells of. */
export function neighbourMac(documents: readonly unknown[]): string | null {
  return text(documents.filter(isObject).find(({ lladdr }) => lladdr !== undefined)?.lladdr);
}

/** What `ip -j rule show` prints, without what does not go by the source address. */
export function ruleFacts(documents: readonly unknown[], family: Family): RuleFacts[] {
  return documents
    .filter(isObject)
    .filter(({ src, table }) => typeof src === 'string' && src !== 'all' && table !== undefined)
    .map(({ src, table, protocol }) => ({
      ...{ family, from: String(src), table: String(table), protocol: text(protocol) ?? 'boot' },
    }));
}

/**
 * Routes by one link, or sent from its addresses, the kernel's own left out, among those of
 * `ip -j -d route show table all`.
 */
export function linkRouteFacts(documents: readonly unknown[], { ifname, addresses }: LinkFacts): RouteFacts[] {
  const own = addresses.map(({ local }) => local);
  return documents
    .filter(isObject)
    .map((document) => ({ route: routeOf(document), src: text(document.prefsrc) }))
    .filter(({ route, src }) => route.devs.includes(ifname) || (src !== null && own.includes(src)))
    .map(({ route }) => route)
    .filter(({ protocol }) => protocol !== 'kernel');
}

/** What follows `ip neigh replace`, as `ip -j neigh show nud permanent` tells it. */
export function neighbourWords(documents: readonly unknown[], dev: string): string[][] {
  return documents
    .filter(isObject)
    .filter(({ dst, lladdr }) => text(dst) !== null && text(lladdr) !== null)
    .map(({ dst, lladdr }) => [String(dst), 'lladdr', String(lladdr), 'dev', dev, 'nud', 'permanent']);
}

/**
 * Numbers of protocols and tables (iproute2's etc/iproute2/rt_protos and rt_tables). Commands say numbers only:
 * an ip that was told a name, a number and the name again takes the number for it (lib/rt_names.c, the cache
 * of rtnl_rtprot_a2n and rtnl_rttable_a2n).
 */
const PROTOCOLS: Readonly<Record<string, number>> = {
  ...{ redirect: 1, kernel: 2, boot: 3, static: 4, gated: 8, ra: 9, mrt: 10, zebra: 11, bird: 12, dnrouted: 13 },
  ...{ xorp: 14, ntk: 15, dhcp: 16, mrouted: 17, keepalived: 18, babel: 42, openr: 99, bgp: 186, isis: 187 },
  ...{ ospf: 188, rip: 189, eigrp: 192 },
};
const TABLES: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 };

function protocolNumber(name: unknown): string {
  return String(PROTOCOLS[String(name)] ?? name);
}

function tableNumber(name: unknown): string {
  return String(TABLES[String(name)] ?? name);
}

/** IPv6's (net/ipv6/route.c, IP6_RT_PRIO_USER); printed always, while IPv4's 0 is left out. */
const IPV6_METRIC = 1024;

function routeOf(route: Json): RouteFacts {
  // Only IPv6 routes have a preference (RFC 4191), and they always have one.
  const family = 'pref' in route ? 'inet6' : 'inet';
  const hops = array(route.nexthops).filter(isObject);
  // A default route without a gateway does not tell its family.
  const every = text(route.gateway) !== null ? 'default' : family === 'inet' ? '0.0.0.0/0' : '::/0';
  const words = [route.dst === 'default' ? every : String(route.dst), ...hopWords(route)];
  if (route.type !== 'unicast' && route.type !== undefined) words.unshift(String(route.type));
  if (route.protocol !== undefined && route.protocol !== 'boot') words.push('proto', protocolNumber(route.protocol));
  if (family === 'inet' && text(route.scope) !== null && text(route.gateway) === null && hops.length === 0)
    words.push('scope', String(route.scope));
  if (route.table !== undefined && route.table !== 'main') words.push('table', tableNumber(route.table));
  if (text(route.prefsrc) !== null) words.push('src', String(route.prefsrc));
  if (route.pref !== undefined && route.pref !== 'medium') words.push('pref', String(route.pref));
  const metrics = array(route.metrics)
    .filter(isObject)
    .flatMap((metric) => Object.entries(metric));
  const isPlain = ([key, value]: [string, unknown]) => METRICS.has(key) && typeof value === 'number';
  for (const [key, value] of metrics.filter(isPlain)) words.push(key, String(value));
  for (const hop of hops) words.push('nexthop', ...hopWords(hop));
  return {
    family,
    gateway: text(route.gateway),
    devs: [...new Set([route, ...hops].flatMap((hop) => text(hop.dev) ?? []))],
    metric: typeof route.metric === 'number' ? route.metric : family === 'inet6' ? IPV6_METRIC : 0,
    words,
    protocol: text(route.protocol) ?? 'boot',
    unwritable: [
      ...Object.keys(route).filter((key) => !WRITABLE.has(key)),
      ...metrics.filter((metric) => !isPlain(metric)).map(([key]) => key),
    ],
  };
}

/** Keys of a route that `words`, or the metric, say all of. */
const WRITABLE = new Set(
  'type dst gateway via dev table protocol scope prefsrc metric flags pref metrics nexthops'.split(' '),
);

/** Metrics that are a number under the word that `ip route add` knows them by, and read again as it was written. */
const METRICS = new Set('mtu advmss window ssthresh cwnd initcwnd initrwnd hoplimit reordering quickack'.split(' '));

/** Flags that describe the present state and are nothing to write. */
const STATE_FLAGS = new Set(['linkdown', 'dead', 'offload', 'trap', 'rt_offload', 'rt_trap', 'rt_offload_failed']);

function hopWords(hop: Json): string[] {
  const words: string[] = [];
  const via = object(hop.via);
  if (text(hop.gateway) !== null) words.push('via', String(hop.gateway));
  else if (text(via.host) !== null) words.push('via', String(via.family), String(via.host));
  if (text(hop.dev) !== null) words.push('dev', String(hop.dev));
  if (typeof hop.weight === 'number') words.push('weight', String(hop.weight));
  words.push(...strings(hop.flags).filter((flag) => !STATE_FLAGS.has(flag)));
  return words;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

function array(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function strings(value: unknown): string[] {
  return array(value).filter((one) => typeof one === 'string');
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
