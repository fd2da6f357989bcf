/** How an interface that is there differs from the one asked for. */
import { nameOf } from '../address/clearance.ts';
import { gatewaysBy } from '../address/default-route.ts';
import { isBegunAs } from '../address/dhcp.ts';
import { displacedFamilies, ownRouteDifferences, withMainGateways } from '../address/own-routes.ts';
import { setAddresses } from '../address/set-addresses.ts';
import type { Attachment } from '../attachment.ts';
import type { AddressFacts, CableEndFacts, HostSide, LinkFacts, WaysFacts } from '../facts.ts';
import type { Family } from '../family.ts';
import type { Expected, ResolvedAdd } from '../link/kind.ts';
import { isOurs, markedDhcp, markedGateways, onceFamilies } from '../link/mark.ts';
import type { AddressRequest, PeerRequest } from '../request.ts';

/** How the keys of an attachment are called in a sentence. */
const NAMES: Record<keyof Expected, string> = {
  kind: 'kind',
  parent: 'parent',
  mode: 'mode',
  vlan: 'VLAN',
  trunk: 'tagged VLANs',
  pkey: 'partition key',
};

/**
 * Compares what was asked for with what is there. What a request leaves open (MAC, MTU, the host
 * end's name) matches anything.
 *
 * @param expected what the link kind makes of the request
 * @param link the container's link
 * @param host what stands behind it
 * @returns one phrase a difference, none when all is as asked
 */
export function differences(
  request: ResolvedAdd,
  expected: Expected,
  attachment: Attachment,
  link: LinkFacts,
  ways: WaysFacts,
  { end, parent, switchPort, peer }: HostSide,
): string[] {
  const found: string[] = [];
  const differs = (what: string, is: string | number | null, asked: string | number | null) => {
    if (is === asked) return;
    found.push(`its ${what} ${what.endsWith('s') ? 'are' : 'is'} ${is ?? 'none'}, not ${asked ?? 'none'}`);
  };
  for (const key of ['kind', 'parent', 'mode', 'vlan'] as const) differs(NAMES[key], attachment[key], expected[key]);
  differs(NAMES.trunk, attachment.trunk.join(',') || null, expected.trunk.join(',') || null);
  differs(NAMES.pkey, attachment.pkey, expected.pkey ?? null);
  if (request.mac !== null) differs('MAC', attachment.address, request.mac);
  if (request.mtu !== null) differs('MTU', attachment.mtu, request.mtu);
  if (request.hostIfname !== null) differs('host end', attachment.host_ifname, request.hostIfname);
  if (!link.up) found.push('it is down');
  if (end?.up === false) found.push(`its host end ${end.ifname} is down`);
  if (switchPort?.error) found.push(`${switchPort.bridge} could not make its port: ${switchPort.error}`);
  if (parent?.up === false && isOurs(parent.alias)) found.push(`${parent.ifname}, which netwire made, is down`);
  return [
    ...found,
    ...(['inet', 'inet6'] as const).flatMap((family) => dhcpDifferences(family, request, link, ways)),
    ...(request.autoconf === attachment.autoconf
      ? []
      : [`it ${attachment.autoconf ? 'hears' : 'does not hear'} routers' advertisements`]),
    ...addressDifferences(request.addresses, withoutLease(link, request.addresses)),
    ...routingDifferences(request, attachment, link, ways),
    ...(request.peer && peer
      ? peerDifferences(request.peer, request.mtu, peer).map((one) => `at its other end ${one}`)
      : []),
  ];
}

/** The other end of a cable. */
function peerDifferences(
  { ifname, mac, addresses }: PeerRequest,
  mtu: number | null,
  { link, defaultRoutes }: CableEndFacts,
): string[] {
  return [
    ...(link.ifname === ifname ? [] : [`the name is ${link.ifname}, not ${ifname}`]),
    ...(mac === null || link.address === mac ? [] : [`the MAC is ${link.address}, not ${mac}`]),
    ...(mtu === null || link.mtu === mtu ? [] : [`the MTU is ${link.mtu}, not ${mtu}`]),
    ...(link.up ? [] : ['it is down']),
    ...addressDifferences(addresses, link),
    ...gatewayDifferences(addresses, gatewaysBy(link, defaultRoutes)),
  ];
}

/** How a family's DHCP is called. */
const DHCP_NAMES: Record<Family, string> = { inet: 'DHCP', inet6: 'DHCPv6' };

/** Who gets its address of a family. */
export function dhcpDifferences(
  family: Family,
  { ifname, dhcp }: Pick<ResolvedAdd, 'ifname' | 'dhcp'>,
  { alias, addresses }: LinkFacts,
  { dhcpClients }: WaysFacts,
): string[] {
  const asked = dhcp.find((one) => one.family === family);
  const has = markedDhcp(alias, family);
  const its = `its ${DHCP_NAMES[family]} client`;
  if (!asked && !has) return [];
  if (!asked || !has || (asked.client ?? has.client) !== has.client)
    return [`${its} is ${has?.client ?? 'none'}, not ${asked ? (asked.client ?? 'one') : 'none'}`];
  if (has.isOnce !== asked.once) return [`${its} ${has.isOnce ? 'ended after the first lease' : 'goes on'}`];
  if (has.isOnce) return [];
  const client = dhcpClients.find((one) => one.ifname === ifname && one.family === family && one.isKept);
  if (!client) return [`${its} does not run`];
  // An address made of a router's prefix has that prefix's length.
  const isLease = (one: AddressFacts) => one.dynamic && (family === 'inet' || one.prefixlen === 128);
  const hasLease = addresses.some((one) => one.family === family && isLease(one));
  return [
    ...(hasLease ? [] : [`${its} has no lease at the moment`]),
    ...(isBegunAs(client, asked) ? [] : [`${its} was begun with other words`]),
  ];
}

/** Of --once the address stays, like one that somebody set. */
function withoutLease(link: LinkFacts, asked: readonly AddressRequest[]): LinkFacts {
  const once = onceFamilies(link.alias);
  if (once.length === 0) return link;
  const isAsked = ({ local }: AddressFacts) => asked.some((one) => one.local === local);
  return { ...link, addresses: link.addresses.filter((one) => !once.includes(one.family) || isAsked(one)) };
}

function addressDifferences(addresses: readonly AddressRequest[], link: LinkFacts): string[] {
  const asked = new Set(addresses.map(({ local, prefixlen }) => `${local}/${prefixlen}`));
  const named = (one: AddressFacts) => nameOf(one).join(' ');
  const has = new Set(link.addresses.map(named));
  return [
    ...[...asked].filter((address) => !has.has(address)).map((address) => `it has no address ${address}`),
    // What the kernel or a router made up was not asked for, and is no difference.
    ...setAddresses(link)
      .map(named)
      .filter((address) => !asked.has(address))
      .map((address) => `it has the address ${address}`),
    ...link.addresses.filter(({ dadfailed }) => dadfailed).map(({ local }) => `another host has the address ${local}`),
  ];
}

/** Gateways, their place among others, and further routes. */
function routingDifferences(
  { addresses, routing, dhcp }: ResolvedAdd,
  { gateway, default_route, metric, table }: Attachment,
  link: LinkFacts,
  { ownRoutes, ownRules }: WaysFacts,
): string[] {
  if (table !== routing.table) {
    const named = (one: number | null) => (one === null ? 'the main table' : `table ${one}`);
    return [`its routes are in ${named(table)}, not in ${named(routing.table)}`];
  }
  const main = withMainGateways(addresses, routing);
  // A lease's gateway is the server's to say.
  const isLeased = dhcp.some(({ family }) => family === 'inet');
  const isAsked = (one: string) => !isLeased || one.includes(':');
  const found = gatewayDifferences(main, routing.table === null ? gateway.filter(isAsked) : []);
  const wantedFirst = [...displacedFamilies(addresses, routing), ...(isLeased ? (['inet'] as const) : [])];
  const isLeft = isOurs(link.alias) && markedGateways(link.alias).some((family) => !wantedFirst.includes(family));
  if (isLeft && found.length === 0 && gateway.length === 0)
    found.push("others' default routes are still demoted for one that it had");
  const wanted = routing.keepsDefault ? 'keep' : 'take';
  const isThere = found.length === 0 && main.some((one) => one.gateway !== null);
  if (isThere && default_route !== wanted)
    found.push(
      wanted === 'keep'
        ? "its default route comes before the others'"
        : "its default route does not come before the others', or its alias, which says so, was changed",
    );
  if (isThere && routing.metric !== null && metric !== routing.metric)
    found.push(`the metric of its default route is ${metric ?? "the kernel's own"}, not ${routing.metric}`);
  return [...found, ...ownRouteDifferences(link, { routes: ownRoutes, rules: ownRules }, addresses, routing)];
}

function gatewayDifferences(addresses: readonly AddressRequest[], gateways: readonly string[]): string[] {
  const asked = new Set(addresses.flatMap(({ gateway }) => gateway ?? []));
  const has = new Set(gateways);
  return [
    ...[...asked].filter((one) => !has.has(one)).map((one) => `it has no default route by ${one}`),
    ...[...has].filter((one) => !asked.has(one)).map((one) => `it has a default route by ${one}`),
  ];
}
