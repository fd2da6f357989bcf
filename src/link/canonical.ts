/** The grammar backwards: from an attachment to the command line that makes it. */

import { gatewaysBy } from '../address/default-route.ts';
import { begunWith, clientsOf, hostnameOf } from '../address/dhcp.ts';
import { setAddresses } from '../address/set-addresses.ts';
import type { Attachment } from '../attachment.ts';
import type { AddressFacts, CableEndFacts, DhcpClientFacts, HostSide, LinkFacts, WaysFacts } from '../facts.ts';
import type { Family } from '../family.ts';
import { shellWord } from '../plan/print.ts';
import { ipoib } from './ipoib.ts';
import { isolationOf } from './ipvlan.ts';
import { ETHERNET_MTU } from './limits.ts';
import { onceFamilies } from './mark.ts';
import { defaultHostIfname } from './veth.ts';

/** What -i names when it is not given, except on the host itself. */
const DEFAULT_IFNAME = 'eth1';
const HOST = 'host';

/**
 * @param link the kernel's view of it
 * @param host what stands behind it
 * @returns a line for a shell, or null when netwire could not make such an interface
 */
export function canonicalCommand(
  attachment: Attachment,
  link: LinkFacts,
  { dhcpClients }: WaysFacts,
  { switchPort, peer }: HostSide,
): string | null {
  const parent = parentWord(attachment);
  const given = givenWords(attachment, clientsOf(link, dhcpClients));
  if (parent === null || given === null) return null;
  const { container, ifname, host_ifname, address, mtu, kind, vlan, trunk, pkey } = attachment;
  const words = ['netwire'];
  if (ifname !== (kind === 'ipoib' ? ipoib.defaultIfname : DEFAULT_IFNAME) || container === HOST)
    words.push('-i', ifname);
  if (host_ifname !== null && host_ifname !== defaultHostIfname(ifname, attachment)) words.push('-l', host_ifname);
  // A bridge follows the lowest MTU of its ports, so its present one is no default to rely on.
  if (mtu !== ETHERNET_MTU) words.push('--mtu', String(mtu));
  if (switchPort && switchPort.datapath !== 'system') words.push('--ovs-datapath', switchPort.datapath);
  words.push(...modeWords(attachment, link));
  if (vlan) words.push('--vlan', String(vlan));
  if (pkey !== null) words.push('--pkey', pkey);
  if (trunk.length > 0) words.push('--trunk', trunk.join(','));
  if (peer !== null) words.push(...peerWords(peer));
  if (onceFamilies(link.alias).length > 0) words.push('--once');
  words.push(...routingWords(attachment), ...given.options);
  words.push(parent, container, leasedAddressWord(attachment, link, given.words));
  if (kind !== 'ipvlan' && kind !== 'ipoib') words.push(address);
  return words.map(shellWord).join(' ');
}

function parentWord({ kind, parent, parent_kind }: Attachment): string | null {
  if (kind === 'dummy') return 'dummy';
  if (parent === null) return null;
  if (parent_kind === 'container') return `veth:${parent}`;
  if (kind === 'phys' || kind === 'vlan') return `phys:${parent}`;
  if (kind === 'veth')
    return parent_kind === 'bridge' ? `bridge:${parent}` : parent_kind === 'openvswitch' ? `ovs:${parent}` : null;
  return kind === 'macvlan' || kind === 'ipvlan' || kind === 'ipoib' ? `${kind}:${parent}` : null;
}

function peerWords({ link, defaultRoutes }: CableEndFacts): string[] {
  const address = addressWord(setAddresses(link), gatewaysBy(link, defaultRoutes));
  return [
    ...(link.ifname === DEFAULT_IFNAME ? [] : ['--peer-ifname', link.ifname]),
    ...(address === '0/0' ? [] : ['--peer-address', address]),
    ...['--peer-mac', link.address],
  ];
}

function routingWords({ default_route, metric, table, route }: Attachment): string[] {
  return [
    ...(default_route === 'keep' ? ['--default-route', 'keep'] : []),
    ...(metric === null ? [] : ['--metric', String(metric)]),
    ...(table === null ? [] : ['--table', String(table)]),
    ...route.flatMap((one) => ['--route', one]),
  ];
}

function modeWords({ kind, mode }: Attachment, link: LinkFacts): string[] {
  if (mode === null) return [];
  return ['--mode', mode, ...(kind === 'ipvlan' ? ['--isolation', isolationOf(link)] : [])];
}

/** What the network gives is not asked for. */
function leasedAddressWord({ dhcp, gateway }: Attachment, link: LinkFacts, given: readonly string[]): string {
  const once = onceFamilies(link.alias);
  const own = setAddresses(link).filter(({ family }) => !once.includes(family));
  const word = addressWord(own, dhcp === null ? gateway : gateway.filter((one) => one.includes(':')));
  return [...(own.length === 0 && given.length > 0 ? [] : [word]), ...given].join(',');
}

/**
 * The words of ADDRESS for what the network gives, and the options of its clients.
 *
 * @returns null where two clients have words of their own, of which a command line has room for one's
 */
function givenWords(
  { container, dhcp, dhcp6, autoconf }: Attachment,
  clients: readonly DhcpClientFacts[],
): { words: string[]; options: string[] } | null {
  const of = (family: Family) => {
    const client = clients.find((one) => one.family === family && one.isKept);
    return client ? begunWith(client) : null;
  };
  const leased = [
    ...(dhcp === null ? [] : [{ word: dhcp as string, begun: of('inet') }]),
    ...(dhcp6 === null ? [] : [{ word: `${dhcp6}6`, begun: of('inet6') }]),
  ];
  const own = leased.filter(({ begun }) => begun !== null && begun.options.length > 0);
  if (own.length > 1) return null;
  const { hostname = null, dnsFile = null } = leased.find(({ begun }) => begun !== null)?.begun ?? {};
  return {
    words: [
      ...leased.filter((one) => !own.includes(one)).map(({ word }) => word),
      ...(autoconf ? ['auto'] : []),
      // To the end of ADDRESS.
      ...own.map(({ word, begun }) => `${word}:${begun?.options.join(' ')}`),
    ],
    options: [
      ...(hostname === null || hostname === hostnameOf(container) ? [] : ['--hostname', hostname]),
      ...(dnsFile === null ? [] : ['--dns-file', dnsFile]),
    ],
  };
}

function addressWord(addresses: readonly AddressFacts[], gateways: readonly string[]): string {
  const left = new Set(gateways);
  const words = addresses.map(({ family, local, prefixlen }) => {
    const gateway = [...left].find((candidate) => candidate.includes(':') === (family === 'inet6'));
    if (gateway === undefined) return `${local}/${prefixlen}`;
    left.delete(gateway);
    return `${local}/${prefixlen}@${gateway}`;
  });
  return words.length === 0 ? '0/0' : words.join(',');
}
