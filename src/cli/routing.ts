/** What the options say of routes: `--route`, `--metric`, `--default-route`, `--table`. */
import { bitsOf, Prefix } from '../address/prefix.ts';
import { UsageError } from '../errors.ts';
import type { AddressRequest, RouteRequest, Routing } from '../request.ts';
import type { Options } from './options.ts';

/**
 * @param addresses that routes may be sent from
 * @throws UsageError for what is no prefix or no router, a default route, or a table without an address
 */
export function routingRequest(options: Options, addresses: readonly AddressRequest[], isLeased: boolean): Routing {
  const { route = [], metric = null, defaultRoute, table = null } = options;
  const routes = route.map((word) => parseRoute(word, addresses));
  const twice = routes.find(({ dst }, i) => routes.findIndex((other) => other.dst === dst) < i);
  if (twice) throw new UsageError(`--route ${twice.dst}: given twice`);
  const hasGateway = isLeased || addresses.some(({ gateway }) => gateway !== null);
  if (table !== null && addresses.length === 0)
    throw new UsageError(`--table ${table}: it is for packets sent from an address, and there is none`);
  if (table !== null && isLeased)
    throw new UsageError(
      `--table ${table}: a DHCP server's routes go into the main table`,
      'leave one of them out, or netwire route and rule',
    );
  if (metric !== null && !hasGateway && routes.length === 0)
    throw new UsageError(`--metric ${metric}: there is no gateway and no --route that would have it`);
  if (defaultRoute !== undefined && !hasGateway)
    throw new UsageError(`--default-route ${defaultRoute}: there is no gateway`, 'ADDRESS@GATEWAY');
  if (defaultRoute !== undefined && table !== null)
    throw new UsageError(
      `--default-route ${defaultRoute}: with --table the gateway goes into that table and meets no other`,
      'leave one of them out',
    );
  return { routes, metric, table, keepsDefault: defaultRoute === 'keep' };
}

function parseRoute(word: string, addresses: readonly AddressRequest[]): RouteRequest {
  const refuse = (why: string, hint?: string) => new UsageError(`--route ${JSON.stringify(word)}: ${why}`, hint);
  const at = word.indexOf('@');
  const [dst, via] = at === -1 ? [word, null] : [word.slice(0, at), word.slice(at + 1)];
  const family = dst.includes(':') ? 'inet6' : 'inet';
  if (/^(default|0\/0|0\.0\.0\.0\/0|::\/0)$/.test(dst))
    throw refuse('a default route is a gateway', `ADDRESS${via === null ? '@GATEWAY' : `@${via}`}`);
  const prefix = parse(dst, refuse);
  const network = prefix.first.text;
  if (network !== prefix.text)
    throw refuse(`${prefix.text} is no network`, `${network}/${prefix.length}${at === -1 ? '' : word.slice(at)}`);
  const name = prefix.length === bitsOf(family) ? network : `${network}/${prefix.length}`;
  if (via === null) return { family, dst: name, via: null, viaOnLink: true };
  if (via.includes('/')) throw refuse('a router has no prefix length');
  if (via.includes(':') !== (family === 'inet6')) throw refuse('DST and VIA are of two families');
  const router = parse(via, refuse);
  if (router.isMulticast || router.isUnspecified || router.isLoopback)
    throw refuse(`${router.text} is no router's address`);
  const local = addresses.find((one) => one.local === router.text);
  if (local) throw refuse(`${local.local} is the address of the interface itself`);
  return { family, dst: name, via: router.text, viaOnLink: isOnLink(router, addresses) };
}

function isOnLink(router: Prefix, addresses: readonly AddressRequest[]): boolean {
  return router.isLinkLocal6 || addresses.some((one) => Prefix.parse(`${one.local}/${one.prefixlen}`).has(router));
}

function parse(text: string, refuse: (why: string) => UsageError): Prefix {
  if (text.includes('%')) throw refuse('a zone has no place here; the link is the zone');
  try {
    return Prefix.parse(text);
  } catch {
    throw refuse(`${JSON.stringify(text)} is no IP address or prefix`);
  }
}
