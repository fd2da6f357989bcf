/**
 * What busybox's `ip addr show` and `ip route show` print (its networking/libiproute), and what sysfs
 * adds, in the shape of iproute2's `ip -j -d`. What neither tells is left out: a macvlan's mode, the
 * VLANs of bridge ports, a route's protocol.
 */

type Json = Record<string, unknown>;

/** What sysfs tells of one link. */
interface Sysfs {
  readonly ifname: string;
  readonly values: ReadonlyMap<string, string>;
  readonly lower: readonly string[];
}

/** A bridge port's state by its number (include/uapi/linux/if_bridge.h, BR_STATE_*). */
const PORT_STATES = ['disabled', 'listening', 'learning', 'forwarding', 'blocking'];

/** ARPHRD_* of include/uapi/linux/if_arp.h. */
const ETHER = '1';
const INFINIBAND = '32';

/**
 * Links with their addresses.
 *
 * @param output of `ip addr show`, then for each link "sysfs NAME" and a line "KEY VALUE" for each thing known
 */
export function linkDocuments(output: string): Json[] {
  const begin = output.search(/^sysfs /m);
  const links = sysfsLinks(begin === -1 ? '' : output.slice(begin));
  return output
    .slice(0, begin === -1 ? undefined : begin)
    .split(/^(?=\d+: )/m)
    .flatMap((block) => {
      const sysfs = links.get(Number.parseInt(block, 10));
      return sysfs ? [linkOf(block, sysfs)] : [];
    });
}

function sysfsLinks(text: string): Map<number, Sysfs> {
  const blocks = text.split(/^sysfs /m).slice(1);
  return new Map(
    blocks.map((block) => {
      const [ifname = '', ...lines] = block.trimEnd().split('\n');
      const pairs = lines.map((line): [string, string] => {
        const space = line.indexOf(' ');
        return [line.slice(0, space), line.slice(space + 1)];
      });
      const values = new Map(pairs);
      const lower = pairs.flatMap(([key, value]) => (key === 'lower' ? [value] : []));
      return [Number(values.get('ifindex')), { ifname, values, lower }];
    }),
  );
}

/** "3: eth1@veth0: <BROADCAST,UP> mtu 1500 qdisc noqueue master br1 qlen 1000"; the name behind "@" may be a wrong one. */
function linkOf(block: string, { ifname, values, lower }: Sysfs): Json {
  const [head = '', ...lines] = block.split('\n');
  const [, flags = '', rest = ''] = /: <([^>]*)> (.*)$/.exec(head) ?? [];
  const words = rest.split(' ');
  const after = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
  const hasLower = head.includes(`: ${ifname}@`);
  const kind = kindOf(values, hasLower && lower.length === 0);
  const state = values.get('brport/state');
  return {
    ifindex: Number(values.get('ifindex')),
    ifname,
    flags: flags.split(','),
    mtu: Number(after('mtu')),
    master: after('master'),
    operstate: values.get('operstate')?.toUpperCase(),
    address: lines.flatMap((line) => /^ {4}link\/\S+ (\S+)/.exec(line)?.[1] ?? [])[0],
    ifalias: values.get('ifalias'),
    // Links in one namespace show each other below sysfs; only a veth's ends do not.
    ...(hasLower && (lower.length > 0 ? { link: lower[0] } : { link_index: Number(values.get('iflink')) })),
    linkinfo: {
      info_kind: kind,
      info_slave_data: state === undefined ? undefined : { state: PORT_STATES[Number(state)] },
    },
    addr_info: lines.flatMap((line) => addressOf(line) ?? []),
  };
}

/**
 * The kernel names the kinds of most links as DEVTYPE. A veth has none; it is an Ethernet link with a
 * link elsewhere behind it.
 */
function kindOf(values: ReadonlyMap<string, string>, hasElsewhere: boolean): string | undefined {
  if (values.has('device')) return undefined;
  const devtype = values.get('devtype');
  if (devtype !== undefined) return devtype;
  if (values.has('tun_flags')) return 'tun';
  if (hasElsewhere && values.get('type') === ETHER) return 'veth';
  if (hasElsewhere && values.get('type') === INFINIBAND) return 'ipoib';
  return 'virtual';
}

/** "    inet 10.0.0.1/24 brd 10.0.0.255 scope global eth1", or "inet 10.0.0.1 peer 10.0.0.2/32 scope global eth1". */
function addressOf(line: string): Json | null {
  const [, family, rest = ''] = /^ {4}(inet6?) (.*)$/.exec(line) ?? [];
  if (family === undefined) return null;
  const words = rest.trim().split(/ +/);
  const [local, length] = (words[0] ?? '').split('/');
  const scope = words.indexOf('scope');
  const peer = words[1] === 'peer' ? words[2]?.split('/')[1] : undefined;
  return {
    family,
    local,
    prefixlen: Number(length ?? peer),
    scope: words[scope + 1],
    dynamic: words.includes('dynamic', scope),
    dadfailed: words.includes('dadfailed', scope),
    tentative: words.includes('tentative', scope),
  };
}

/** Words behind which a value stands, and the keys that iproute2 has for them. */
const ROUTE_KEYS: Readonly<Record<string, string>> = {
  via: 'gateway',
  dev: 'dev',
  scope: 'scope',
  src: 'prefsrc',
  metric: 'metric',
  expires: 'expires',
  table: 'table',
  error: 'error',
};

/**
 * Default routes.
 *
 * @param output of `ip route show`, a line "inet6", and that of `ip -6 route show`
 */
export function defaultRouteDocuments(output: string): Json[] {
  const [inet = '', inet6 = ''] = output.split(/^inet6\n/m);
  return [...routes(inet).map(routeOf), ...routes(inet6).map((line) => ({ pref: 'medium', ...routeOf(line) }))];
}

function routes(text: string): string[] {
  return text.split('\n').filter((line) => /^([a-z]+ )?default /.test(line));
}

/** "default via 10.0.0.254 dev eth1  metric 5 onlink"; of several next hops nothing is printed. */
function routeOf(line: string): Json {
  const words = line.trim().split(/ +/);
  const type = words[0] === 'default' ? undefined : words.shift();
  const route: Json = { dst: 'default', flags: words.includes('onlink') ? ['onlink'] : [] };
  if (type !== undefined) route.type = type;
  for (let i = 1; i < words.length; i++) {
    const key = ROUTE_KEYS[words[i] ?? ''];
    if (key === undefined) continue;
    i += 1;
    route[key] = key === 'metric' ? Number(words[i]) : words[i];
  }
  if (type === undefined && route.dev === undefined) route['several next hops'] = true;
  return route;
}
