/** Every option, once: the parser, the help and the tests all read this table. */
import { checkIfname } from '../link/ifname.ts';
import { dnsFile, FAMILIES, hostName, oneOf, seconds, tableNumber, wholeNumber } from './option-values.ts';

/** What the options of a command line say; absent: not given. */
export interface Options {
  ifname?: string;
  hostIfname?: string;
  mtu?: number;
  family?: string;
  firewall?: boolean;
  vlan?: string;
  pkey?: string;
  trunk?: string;
  vlanFiltering?: boolean;
  ovsDatapath?: (typeof DATAPATHS)[number];
  peerIfname?: string;
  peerAddress?: string;
  peerMac?: string;
  directPhys?: boolean;
  force?: boolean;
  replace?: boolean;
  all?: boolean;
  keepGoing?: boolean;
  wait?: boolean;
  route?: readonly string[];
  metric?: number;
  defaultRoute?: (typeof DEFAULT_ROUTES)[number];
  table?: number;
  probe?: boolean;
  dad?: boolean;
  once?: boolean;
  hostname?: string;
  dnsFile?: string;
  mode?: string;
  isolation?: string;
  parent?: string;
  dryRun?: boolean;
  json?: boolean;
  verbose?: boolean;
  quiet?: boolean;
  color?: ColorMode;
  timeout?: number;
  help?: boolean;
  version?: boolean;
}

export type ColorMode = (typeof COLOR_MODES)[number];
const COLOR_MODES = ['auto', 'always', 'never'] as const;

/** ovs-vswitchd.conf.db(5), Bridge, datapath_type. */
const DATAPATHS = ['system', 'netdev'] as const;

const DEFAULT_ROUTES = ['take', 'keep'] as const;

interface OptionSpec {
  /** As commander takes them. */
  readonly flags: string;
  readonly description: string;
  /** Checks the value; absent: taken as it is. `before` is what the option said already. */
  readonly parse?: (value: string, before: unknown) => unknown;
  /** What TAB offers as the value: words, what the kinds of links take, or what the machine has; absent: nothing. */
  readonly values?: readonly string[] | 'modes' | 'isolations' | 'link' | 'file';
}

/** A demoted default route has a million more (address/default-route.ts). */
const METRIC = { min: 1, max: 999_999 };

/** net/core/dev.c, ETH_MIN_MTU; an IPv4 packet cannot be longer than 65535. */
const MTU = { min: 68, max: 65535 };

export const OPTIONS = {
  ifname: {
    flags: '-i, --ifname <NAME>',
    description: 'name of the interface in the container (default: eth1, InfiniBand ib0, on the host itself nw-PARENT)',
    parse: (value) => checkIfname(value, '--ifname'),
  },
  hostIfname: {
    flags: '-l, --host-ifname <NAME>',
    description: "name of the veth's host end (default: v<ifname>pl<PID>)",
    parse: (value) => checkIfname(value, '--host-ifname'),
  },
  mtu: {
    flags: '--mtu <BYTES>',
    description: "MTU of the interface (default: the parent's)",
    parse: (value) => wholeNumber('--mtu', value, MTU.min, MTU.max),
  },
  family: {
    flags: '-a, --family <FAMILY>',
    description: 'inet, inet6, 4 or 6: checked against the addresses',
    values: Object.keys(FAMILIES),
  },
  route: {
    flags: '--route <DST[@VIA]>',
    description: 'another route by the interface, by a router or without; may be given several times',
    parse: (value, before) => [...(Array.isArray(before) ? before : []), value],
  },
  metric: {
    flags: '--metric <NUMBER>',
    description: 'of the default routes and of --route, 1 to 999999 (default: as the kernel does)',
    parse: (value) => wholeNumber('--metric', value, METRIC.min, METRIC.max),
  },
  defaultRoute: {
    flags: '--default-route <WORD>',
    description: 'take (default): the gateway comes before the default routes there are; keep: behind them',
    parse: (value) => oneOf('--default-route', value, DEFAULT_ROUTES),
    values: DEFAULT_ROUTES,
  },
  table: {
    flags: '--table <NUMBER>',
    description: "put gateway and routes into a table of the link's own, for packets from its addresses",
    parse: tableNumber,
  },
  probe: { flags: '--probe', description: 'ask the network first, and refuse an address that somebody answers for' },
  dad: { flags: '--dad', description: 'wait until the kernel knows that nobody else has an IPv6 address' },
  once: { flags: '--once', description: 'end the DHCP client after the first lease, and keep its address' },
  hostname: {
    flags: '--hostname <NAME>',
    description: "what the DHCP server is told (default: the container's name)",
    parse: hostName,
  },
  dnsFile: {
    flags: '--dns-file <FILE>',
    description: 'write what the DHCP server says of name servers to this file (default: nowhere)',
    parse: dnsFile,
    values: 'file',
  },
  noFirewall: {
    flags: '--no-firewall',
    description: 'add no accept rule for a bridge that netwire makes',
  },
  vlan: {
    flags: '--vlan <ID>',
    description: 'VLAN, 1 to 4094, the same as @ID behind the MAC: of the NIC, or of the bridge port',
  },
  pkey: { flags: '--pkey <KEY>', description: 'InfiniBand partition key, hexadecimal, the same as @KEY' },
  trunk: { flags: '--trunk <LIST>', description: 'tagged VLANs of a bridge port: 20,30-39' },
  vlanFiltering: {
    flags: '--vlan-filtering',
    description: "switch VLAN filtering on for a bridge that is somebody else's",
  },
  ovsDatapath: {
    flags: '--ovs-datapath <TYPE>',
    description: "of an Open vSwitch bridge that is made: system (the kernel's, default) or netdev",
    parse: (value) => oneOf('--ovs-datapath', value, DATAPATHS),
    values: DATAPATHS,
  },
  peerIfname: {
    flags: '--peer-ifname <NAME>',
    description: 'name of the interface at the other end of a cable (default: eth1)',
    parse: (value) => checkIfname(value, '--peer-ifname'),
  },
  peerAddress: {
    flags: '--peer-address <ADDRESS[@GW],...>',
    description: 'addresses at the other end of a cable (default: none)',
  },
  peerMac: { flags: '--peer-mac <MAC>', description: 'MAC at the other end of a cable' },
  directPhys: { flags: '--direct-phys', description: 'move the link itself into the container, the same as phys:LINK' },
  replace: {
    flags: '--replace',
    description: 'change what differs in an interface that netwire made, and nothing else',
  },
  force: {
    flags: '--force',
    description:
      "move a link though the host's default route leaves by it; take back one that a container could have made, or did",
  },
  all: { flags: '--all', description: 'all interfaces that netwire made in the container' },
  wait: {
    flags: '--wait',
    description: 'as in pipework, inside a container: until its own link (-i, default eth1) is up and has its address',
  },
  keepGoing: {
    flags: '--keep-going',
    description: 'each line stands alone: go on after one that fails',
  },
  mode: {
    flags: '--mode <MODE>',
    description: 'macvlan: bridge, vepa, private, passthru, source; ipvlan: l2, l3, l3s (the first is the default)',
    values: 'modes',
  },
  isolation: {
    flags: '--isolation <WORD>',
    description: 'ipvlan: bridge (default), private, vepa',
    values: 'isolations',
  },
  parent: { flags: '--parent <LINK>', description: 'only interfaces on this parent', values: 'link' },
  dryRun: { flags: '-n, --dry-run', description: 'print the commands that would be run, and change nothing' },
  json: { flags: '--json', description: 'print one JSON document' },
  verbose: { flags: '-v, --verbose', description: 'show each command before it runs' },
  quiet: { flags: '-q, --quiet', description: 'print errors only' },
  color: {
    flags: '--color <WHEN>',
    description: 'auto, always or never (default: auto)',
    parse: (value) => oneOf('--color', value, COLOR_MODES),
    values: COLOR_MODES,
  },
  timeout: {
    flags: '--timeout <SECONDS>',
    description:
      'how long to wait for a runtime or a starting container (default: 3), for another netwire or a lease (30)',
    parse: (value) => seconds('--timeout', value),
  },
  help: { flags: '-h, --help', description: 'show this help' },
  version: { flags: '-V, --version', description: 'show the version' },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;

/** Those every verb takes. */
export const COMMON_OPTIONS: readonly OptionName[] = [
  'json',
  'verbose',
  'quiet',
  'color',
  'timeout',
  'help',
  'version',
];

/** The option table's row. */
export function optionSpec(name: OptionName): OptionSpec {
  return OPTIONS[name];
}

/** All options that take a value, long and short: a verb is looked for behind their values. */
export function takesValue(word: string): boolean {
  return Object.values<OptionSpec>(OPTIONS).some(
    ({ flags }) => flags.includes('<') && flags.split(/[ ,]+/).includes(word),
  );
}
