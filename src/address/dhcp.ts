/**
 * DHCP (RFC 2131, RFC 8415): the client is kept at work by bin/netwire-dhcp, which later changes address and routes as
 * the lease does. The first lease is netwire's own to set, by the same rules as what is asked for.
 */
import { StateError } from '../errors.ts';
import type { AddFacts, DhcpClientFacts, LinkFacts, RouteFacts } from '../facts.ts';
import { CLIENTS_OF, type DhcpClient, type Family } from '../family.ts';
import { type Place, type Step, stepIn } from '../plan/step.ts';
import type { DhcpRequest, Routing } from '../request.ts';
import { demotionSteps, metricBehind } from './default-route.ts';
import { familyOf } from './prefix.ts';

/** What a server gave. */
export interface Lease {
  readonly family: Family;
  readonly address: string;
  /** 1 to 32, or 128: DHCPv6 gives single addresses. */
  readonly prefixlen: number;
  /** Null: the server named none. DHCPv6 never does. */
  readonly router: string | null;
  /** Classless routes (RFC 3442) without the default one; `via` null: on the link. */
  readonly routes: readonly { readonly dst: string; readonly via: string | null }[];
  /** Seconds; null: for ever. */
  readonly seconds: number | null;
  /** For so long the address is taken for new connections; 0 to `seconds`. */
  readonly preferredSeconds: number | null;
}

/** RTPROT_DHCP (include/uapi/linux/rtnetlink.h), by its number; host/ip-json.ts says why. */
const DHCP_PROTOCOL = '16';

/** "Infinite", RFC 2131 section 3.3, RFC 8415 section 7.7. */
const FOREVER = 0xffff_ffff;

/**
 * The client to take.
 *
 * @throws StateError when there is none, or not the one asked for
 */
export function chooseClient({ family, client }: DhcpRequest, installed: readonly DhcpClient[]): DhcpClient {
  const able = CLIENTS_OF[family];
  const found = able.find((one) => installed.includes(one) && (client ?? one) === one);
  if (found) return found;
  const what = client ?? `none of ${able.slice(0, -1).join(', ')} and ${able.at(-1)}`;
  throw new StateError(
    'no-dhcp-client',
    `${what}: ${client ? 'it is not' : 'is'} installed on the host`,
    `apt install ${client === 'dhclient' ? 'isc-dhcp-client' : (client ?? able[0])}`,
  );
}

/** Begins a client, which ends by itself when netwire does so before it is told that all is done. */
export function startStep(ifname: string, request: DhcpRequest, client: DhcpClient, facts: AddFacts): Step {
  const { family, hostname, dnsFile, options } = request;
  const name = hostname ?? hostnameOf(facts.target.canonical);
  const words = [ifname, facts.target.path, client, name, dnsFile ?? '', ...options];
  const keeper = keeperOf(family, facts);
  return stepIn('container', [...keeper, 'start', ...words], [...keeper, 'abandon', ifname]);
}

/** Prints the first lease, as `parseLease` reads it, or what was heard in so many seconds. */
export function waitCommand(ifname: string, { family }: DhcpRequest, facts: AddFacts, seconds: number): string[] {
  return [...keeperOf(family, facts), 'wait', ifname, String(seconds)];
}

/** What a shell would do in netwire's place: wait for the lease and set it. */
export function applyStep(ifname: string, { family, once }: DhcpRequest, facts: AddFacts, seconds: number): Step {
  return stepIn('container', [...keeperOf(family, facts), 'apply', ifname, String(seconds), ...(once ? ['once'] : [])]);
}

/** Ends a client; where that is undone another one is begun, which takes over what the link has. */
export function stopStep(place: Place, { family, ifname, program, words }: DhcpClientFacts): Step {
  const keeper = [program, ...FAMILY_WORDS[family]];
  // One whose keeper was killed cannot be begun again: how is not known.
  const again = words.length === 0 ? null : [...keeper, 'again', ...words];
  return { ...stepIn(place, [...keeper, 'stop', ifname], again), returns: true };
}

/** What a client was begun with. */
export function begunWith({ words }: DhcpClientFacts): Pick<DhcpRequest, 'hostname' | 'dnsFile' | 'options'> {
  const [, , , hostname = '', dnsFile = '', ...options] = words;
  return { hostname: hostname || null, dnsFile: dnsFile || null, options };
}

/** Was a client begun as it is asked for? A host name that is left open matches any. */
export function isBegunAs(client: DhcpClientFacts, { hostname, dnsFile, options }: DhcpRequest): boolean {
  const has = begunWith(client);
  if (hostname !== null && hostname !== has.hostname) return false;
  return dnsFile === has.dnsFile && options.join('\n') === has.options.join('\n');
}

/** The clients at work on a link. */
export function clientsOf(
  { ifname }: Pick<LinkFacts, 'ifname'>,
  clients: readonly DhcpClientFacts[],
): DhcpClientFacts[] {
  return clients.filter((one) => one.ifname === ifname);
}

/** Address, default route and further routes as the first lease says. */
export function leaseSteps(
  ifname: string,
  { family, address, prefixlen, router, routes, seconds, preferredSeconds }: Lease,
  defaultRoutes: readonly RouteFacts[],
  { metric, keepsDefault }: Pick<Routing, 'metric' | 'keepsDefault'>,
  isKept: boolean,
): Step[] {
  const others = defaultRoutes.filter((one) => one.family === family);
  const prefix = `${address}/${prefixlen}`;
  // One for ever gets a hundred years and more: an address with a lifetime is none that somebody set.
  const lasting = seconds ?? FOREVER - 1;
  const preferred = Math.min(preferredSeconds ?? FOREVER - 1, lasting);
  const lifetime = isKept ? ['valid_lft', String(lasting), 'preferred_lft', String(preferred)] : [];
  const flags = prefixlen <= 30 ? ['broadcast', '+'] : [];
  const route = (words: readonly string[]) =>
    stepIn('container', ['ip', 'route', 'add', ...words], ['ip', 'route', 'del', ...words]);
  const own = keepsDefault ? metricBehind(others, metric) : metric;
  return [
    stepIn(
      'container',
      ['ip', 'addr', 'add', prefix, ...flags, 'dev', ifname, ...lifetime],
      ['ip', 'addr', 'del', prefix, 'dev', ifname],
    ),
    ...(router === null || keepsDefault ? [] : demotionSteps('container', others)),
    ...(router === null
      ? []
      : [
          route([
            'default',
            'via',
            router,
            'dev',
            ifname,
            'onlink',
            'proto',
            DHCP_PROTOCOL,
            ...(own === null ? [] : ['metric', String(own)]),
          ]),
        ]),
    // What the container can reach otherwise already, a server cannot take away.
    ...routes.map(({ dst, via }) => ({
      ...route([
        ...[dst, ...(via === null ? [] : ['via', via]), 'dev', ifname],
        ...[...(via === null ? [] : ['onlink']), 'proto', DHCP_PROTOCOL],
      ]),
      mayFail: true,
    })),
  ];
}

/** The families whose default routes a lease displaces. */
export function displacedByLease({ router }: Lease, { keepsDefault }: Routing): Family[] {
  return router === null || keepsDefault ? [] : ['inet'];
}

/** Tells the client that what it got is set: from now on it changes it. */
export function settleStep(ifname: string, { family, once }: DhcpRequest, facts: AddFacts): Step {
  return stepIn('container', [...keeperOf(family, facts), 'done', ifname, ...(once ? ['once'] : [])]);
}

/**
 * Reads KEY=VALUE lines.
 *
 * @throws StateError for what no host can have
 */
export function parseLease(text: string, family: Family): Lease {
  const value = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const [address, prefixlen] = [value('address'), Number(value('prefixlen'))];
  const lasting = Number(value('lease'));
  const seconds = lasting > 0 && lasting < FOREVER ? lasting : null;
  const isLength = family === 'inet' ? prefixlen >= 1 && prefixlen <= 32 : prefixlen === 128;
  if (!isHostAddress(address, family) || !isLength)
    throw new StateError(
      'bad-lease',
      `the DHCP server gave ${address || 'no address'}/${value('prefixlen')}, which no host can have`,
    );
  // 0: the address is not taken for new connections any more.
  const preferred = value('preferred') === '' ? FOREVER : Number(value('preferred'));
  const preferredSeconds = preferred < FOREVER ? preferred : seconds;
  if (family === 'inet6') return { family, address, prefixlen, router: null, routes: [], seconds, preferredSeconds };
  const words = value('routes').split(' ').filter(Boolean);
  const classless = words.flatMap((dst, i) => (i % 2 === 0 && words[i + 1] ? [{ dst, via: words[i + 1] ?? '' }] : []));
  const good = classless.filter(({ dst, via }) => isIPv4(dst.replace(/\/([12]?\d|3[0-2])$/, '')) && isIPv4(via));
  const [first = ''] = value('router').split(' ');
  const byDefault = good.find(({ dst }) => dst === '0.0.0.0/0')?.via;
  // Classless routes stand for the router too (RFC 3442).
  const said = good.length > 0 ? byDefault : first;
  const router = said !== undefined && isIPv4(said) && said !== '0.0.0.0' ? said : null;
  return {
    ...{ family, address, prefixlen, router, seconds, preferredSeconds },
    routes: good
      .filter(({ dst }) => dst !== '0.0.0.0/0')
      .map(({ dst, via }) => ({ dst, via: via === '0.0.0.0' ? null : via })),
  };
}

function isIPv4(text: string): boolean {
  return familyOf(text) === 'inet';
}

/** No loopback, multicast, link-local or reserved one (RFC 6890). */
function isHostAddress(address: string, family: Family): boolean {
  if (family === 'inet') return isIPv4(address) && !/^(0|127|22[4-9]|2[345]\d)\./.test(address);
  return familyOf(address) === 'inet6' && !/^(::1?$|fe[89ab]|ff)/i.test(address);
}

/** Why there is no lease, from what the client said. */
export function whatWasHeard(log: string, family: Family): string {
  if (family === 'inet6')
    return /advertise|noaddrsavail|no addresses available/i.test(log)
      ? 'a DHCPv6 server answered, and gave no address'
      : 'no DHCPv6 server answered';
  if (/nak/i.test(log)) return 'the DHCP server refused (DHCPNAK)';
  if (/offer|select for|requesting/i.test(log)) return 'a DHCP server offered an address, and did not confirm it';
  return 'no DHCP server answered';
}

/** A container's name as a host name has it; a PID is none. */
export function hostnameOf(canonical: string): string {
  const [, runtime, name = ''] = /^(\w+):(.*)$/.exec(canonical) ?? [];
  if (runtime === 'pid' || runtime === undefined) return '';
  const label = name.split('/').at(-1) ?? '';
  return label
    .replace(/[^a-z\d-]+/gi, '-')
    .replace(/^-+/, '')
    .slice(0, 63)
    .replace(/-+$/, '');
}

const FAMILY_WORDS: Record<Family, readonly string[]> = { inet: [], inet6: ['-6'] };

/** The words by which a family's keeper is called. */
function keeperOf(family: Family, { dhcp }: AddFacts): string[] {
  if (dhcp === null) throw new Error('DHCP without its facts');
  return [dhcp.program, ...FAMILY_WORDS[family]];
}
