/** The closed list of verbs. */
import { RUNTIMES } from '../target/runtimes.ts';
import type { OptionName } from './options.ts';

/** Reserved from the first release, so that a script never meets a link of that name by surprise. */
export const VERBS = [
  'add',
  'del',
  'show',
  'exec',
  'wait',
  'route',
  'rule',
  'tc',
  'batch',
  'up',
  'down',
  'watch',
  'check',
  'graph',
  'gc',
  'plugin',
  'completion',
  'help',
] as const;

export type Verb = (typeof VERBS)[number];

/** Those that TAB can complete netwire in. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export interface VerbSpec {
  readonly usage: string;
  readonly summary: string;
  readonly examples: readonly (readonly [command: string, effect: string])[];
  readonly words: readonly (readonly [word: string, meaning: string])[];
  readonly options: readonly OptionName[];
  /** What stands behind CONTAINER is a command of somebody else's: behind options of ours, or at once. */
  readonly command?: 'behind-options' | 'at-once';
}

/** What a verb's command line looks like; verbs that are not listed are not in this release. */
export const VERB_SPECS: Partial<Record<Verb, VerbSpec>> = {
  add: {
    usage: 'netwire [add] [OPTION]... PARENT CONTAINER ADDRESS[@GATEWAY][,...] [MAC][@VLAN]',
    summary: 'give a running container another interface',
    examples: [
      ['netwire br1 c1 192.168.1.1/24', 'a bridge, made if missing; eth1 in c1'],
      ['netwire br1 c1 192.168.1.1/24@192.168.1.254', 'the same, and the default route'],
      ['netwire br1 c1 192.168.1.1/24,fd00::1/64 -i lan0', 'two addresses, an interface of another name'],
      ['netwire eth0 c1 10.1.1.234/24@10.1.1.254', 'the LAN, by macvlan'],
      ['netwire eth0 c1 dhcp', 'the same with an address that the LAN gives'],
      ['netwire eth0 c1 10.1.20.4/24 @20', 'a VLAN of it'],
      ['netwire br1 c1 0/0 --trunk 20,30-39', 'a tagged port of a bridge'],
      ['netwire ipvlan:eth0 --mode l3s c1 10.9.0.2/24', 'ipvlan'],
      ['netwire phys:eth3 c1 10.3.0.1/24', 'a NIC itself, until del brings it home'],
      ['netwire veth:c2 c1 10.4.0.1/30 --peer-address 10.4.0.2/30', 'a cable between two'],
      ['netwire eth0 host 10.1.1.250/24', "the host's own way to its macvlan children"],
      ['netwire --replace br1 c1 192.168.1.9/24', 'another address, in place'],
      ['netwire --dry-run bridge:lan 4711 0/0 U:c1', 'what a bridge "lan" to a PID would take'],
    ],
    words: [
      ['PARENT', '[bridge:|ovs:|macvlan:|ipvlan:|ipoib:|phys:]LINK, a name, mac:ADDR or pci:BDF; or veth:CONTAINER2'],
      [
        '',
        'a bridge gets a port, another link a macvlan child; br... and ovs... are made when missing, dummy... inside',
      ],
      ['CONTAINER', `[RUNTIME:]NAME or ID, a PID, a namespace's path, or host; RUNTIME is one of`],
      ['', RUNTIMES.map(({ word }) => word).join(' ')],
      ['ADDRESS', 'IPv4 or IPv6 with prefix length; 0/0 for none; auto for IPv6 by routers;'],
      ['', 'dhcp, or a client: udhcpc, dhcpcd, dhclient[:OPTIONS]; dhcp6, dhcpcd6, dhclient6'],
      ['GATEWAY', 'becomes the default route; the old one stays below it'],
      ['MAC', 'aa:bb:cc:dd:ee:ff, or U:text for one derived from a text'],
    ],
    options: [
      'ifname',
      'hostIfname',
      'mtu',
      'vlan',
      'pkey',
      'trunk',
      'vlanFiltering',
      'peerIfname',
      'peerAddress',
      'peerMac',
      'ovsDatapath',
      'directPhys',
      'force',
      'replace',
      'mode',
      'isolation',
      'family',
      'route',
      'metric',
      'defaultRoute',
      'table',
      'probe',
      'dad',
      'once',
      'hostname',
      'dnsFile',
      'noFirewall',
      'wait',
      'dryRun',
    ],
  },
  del: {
    usage: 'netwire del [OPTION]... CONTAINER [IFNAME]',
    summary: 'take an interface back, with all that was made for it',
    examples: [
      ['netwire del c1', 'its one interface'],
      ['netwire del c1 eth2', 'the one named'],
      ['netwire del --all c1', 'all that netwire made in it'],
    ],
    words: [
      ['CONTAINER', 'as for add'],
      ['IFNAME', 'the interface; may be left out when there is only one'],
    ],
    options: ['all', 'force', 'dryRun'],
  },
  batch: {
    usage: 'netwire batch [OPTION]... [FILE]',
    summary: 'carry out many lines: all of them, or none',
    examples: [
      ['netwire batch lab.txt', 'a line is what stands behind netwire: br1 c1 192.168.1.1/24'],
      ['netwire batch --keep-going lab.txt', 'each line stands alone'],
      ['netwire batch --dry-run <lab.txt', 'what it would do'],
    ],
    words: [
      ['FILE', 'lines of add and del, quoted as for a shell; "#" begins a comment'],
      ['', '- or none: standard input'],
    ],
    options: ['keepGoing', 'dryRun'],
  },
  gc: {
    usage: 'netwire gc [OPTION]...',
    summary: 'take away what dead containers and killed netwires left',
    examples: [
      ['netwire gc', 'links, ports, empty bridges, demoted routes, NICs that are back'],
      ['netwire gc --dry-run', 'what it would do'],
    ],
    words: [],
    options: ['dryRun'],
  },
  show: {
    usage: 'netwire show [OPTION]... [CONTAINER [IFNAME]]',
    summary: 'list the interfaces of containers',
    examples: [
      ['netwire show', 'all containers'],
      ['netwire show c1 --json', 'one, for programs'],
      ['netwire show --parent br1', 'all on one bridge'],
    ],
    words: [
      ['CONTAINER', 'as for add'],
      ['IFNAME', 'one interface'],
    ],
    options: ['parent'],
  },
  exec: {
    usage: 'netwire exec [OPTION]... CONTAINER [--] COMMAND...',
    summary: "run a command in a container's network, with the host's files",
    examples: [
      ['netwire exec c1 -- ip addr', "the host's ip, in c1's network"],
      ['netwire exec c1 -- tcpdump -ni eth1', 'for containers that have no such tool'],
    ],
    words: [
      ['CONTAINER', 'as for add'],
      ['COMMAND', "a program of the host's and its words; its exit status is passed on"],
      ['', '125: it was not run; 126: it is not executable; 127: there is no such program'],
    ],
    options: [],
    command: 'behind-options',
  },
  wait: {
    usage: 'netwire wait [OPTION]... CONTAINER',
    summary: 'wait until a link is up and has its address',
    examples: [
      ['netwire wait c1', 'for eth1, for ever'],
      ['netwire wait c1 -i lan0 --timeout 10', 'for another one, at most 10 s; then 1 is the status'],
    ],
    words: [['CONTAINER', 'as for add']],
    options: ['ifname'],
  },
  route: {
    usage: 'netwire route CONTAINER [WORD]...',
    summary: "ip route in a container's network",
    examples: [
      ['netwire route c1', 'its routes'],
      ['netwire route c1 add 10.9.0.0/16 via 192.168.1.254', 'another one'],
      ['netwire route c1 -6 show', 'options of ip itself may come first'],
    ],
    words: [
      ['CONTAINER', 'as for add'],
      ['WORD', 'what follows ip route; its exit status is passed on'],
    ],
    options: [],
    command: 'at-once',
  },
  rule: {
    usage: 'netwire rule CONTAINER [WORD]...',
    summary: "ip rule in a container's network",
    examples: [
      ['netwire rule c1', 'its rules'],
      ['netwire rule c1 add from 10.9.0.2 lookup 100', 'another one'],
    ],
    words: [
      ['CONTAINER', 'as for add'],
      ['WORD', 'what follows ip rule; its exit status is passed on'],
    ],
    options: [],
    command: 'at-once',
  },
  tc: {
    usage: 'netwire tc CONTAINER [WORD]...',
    summary: "tc in a container's network",
    examples: [
      ['netwire tc c1 qdisc show dev eth1', 'how its packets are queued'],
      ['netwire tc c1 qdisc add dev eth1 root netem delay 50ms', 'a long line'],
    ],
    words: [
      ['CONTAINER', 'as for add'],
      ['WORD', 'what follows tc; its exit status is passed on'],
    ],
    options: [],
    command: 'at-once',
  },
  completion: {
    usage: 'netwire completion [OPTION]... SHELL',
    summary: 'print the script that lets TAB complete netwire',
    examples: [
      ['netwire completion bash', 'what ~/.bashrc reads by: source <(netwire completion bash)'],
      ['netwire completion zsh', '~/.zshrc likewise, behind compinit'],
      ['netwire completion fish', 'config.fish by: netwire completion fish | source'],
    ],
    words: [['SHELL', `${SHELLS.slice(0, -1).join(', ')} or ${SHELLS.at(-1)}`]],
    options: [],
  },
};
