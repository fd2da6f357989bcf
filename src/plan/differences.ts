/** How an interface that is there differs from the one asked for. */
import type { DefaultRouteFacts, LinkFacts } from '../facts.ts';
import { setAddresses } from '../link/attachment.ts';
import type { AddRequest } from '../request.ts';

/**
 * Compares what was asked for with what is there. What a request leaves open (MAC, MTU, the host
 * end's name) matches anything.
 *
 * @returns one phrase a difference, none when all is as asked
 */
export function differences(
  request: AddRequest,
  link: LinkFacts,
  hostLink: LinkFacts,
  routes: readonly DefaultRouteFacts[],
): string[] {
  const found: string[] = [];
  const differs = (what: string, is: string | number | null, asked: string | number) => {
    if (is !== asked) found.push(`${what} is ${is ?? 'none'}, not ${asked}`);
  };
  differs('its bridge', hostLink.master, request.parent.name);
  if (request.mac !== null) differs('its MAC', link.address, request.mac);
  if (request.mtu !== null) differs('its MTU', link.mtu, request.mtu);
  if (request.hostIfname !== null) differs('its host end', hostLink.ifname, request.hostIfname);
  if (!link.up) found.push('it is down');
  if (!hostLink.up) found.push(`its host end ${hostLink.ifname} is down`);

  const asked = new Set(request.addresses.map(({ local, prefixlen }) => `${local}/${prefixlen}`));
  const present = setAddresses(link);
  const has = new Set(present.map(({ local, prefixlen }) => `${local}/${prefixlen}`));
  for (const address of asked) if (!has.has(address)) found.push(`it has no address ${address}`);
  for (const address of has) if (!asked.has(address)) found.push(`it has the address ${address}`);
  for (const { local, dadfailed } of present) if (dadfailed) found.push(`another host has the address ${local}`);

  const gateways = new Set(request.addresses.flatMap(({ gateway }) => gateway ?? []));
  const ours = routes.filter(({ devs, words }) => devs.includes(link.ifname) && !words.includes('ra'));
  const via = new Set(ours.flatMap(({ gateway }) => gateway ?? []));
  for (const gateway of gateways) if (!via.has(gateway)) found.push(`it has no default route by ${gateway}`);
  for (const gateway of via) if (!gateways.has(gateway)) found.push(`it has a default route by ${gateway}`);
  return found;
}
