/** The ADDRESS word: `ADDRESS/LENGTH[@GATEWAY]`, several of them with commas, or `0/0` for none. */
import { LengthError, Prefix } from '../address/prefix.ts';
import { UsageError } from '../errors.ts';
import type { Family } from '../family.ts';
import type { AddressRequest } from '../request.ts';
import { addressHint } from './address-hint.ts';
import { isDhcpWord } from './dhcp.ts';
import { FAMILIES } from './option-values.ts';

/** No address. */
export const NONE = '0/0';

/**
 * Parses ADDRESS into canonical spelling.
 *
 * @returns one entry an address, in the order given; none for `0/0`
 * @throws UsageError for what is no address, has no length, or that no host can have, for two
 *   gateways of one family, and for an address given twice
 */
export function parseAddresses(word: string): AddressRequest[] {
  if (word === NONE) return [];
  const addresses = word.split(',').map(parseAddress);
  const seen = new Set<string>();
  const gateways = new Map<Family, string>();
  for (const { family, local, gateway } of addresses) {
    if (seen.has(local)) throw new UsageError(`address ${local}: given twice`, 'once');
    seen.add(local);
    if (gateway === null) continue;
    const other = gateways.get(family);
    if (other !== undefined && other !== gateway)
      throw new UsageError(`gateway ${gateway}: ${other} is the ${familyName(family)} gateway already; one a family`);
    gateways.set(family, gateway);
  }
  return addresses;
}

function parseAddress(word: string): AddressRequest {
  const refuse = (why: string, hint?: string) => new UsageError(`address ${JSON.stringify(word)}: ${why}`, hint);
  const at = word.indexOf('@');
  const prefix = at === -1 ? word : word.slice(0, at);
  if (at === word.length - 1 && at !== -1) throw refuse('behind the @ a gateway is missing', prefix);
  const gatewayWord = at === -1 ? null : word.slice(at + 1);
  if (prefix === NONE) throw refuse(`${NONE} means no address and stands alone`);
  if (isDhcpWord(word)) throw refuse('DHCP has no place here');

  const family = prefix.includes(':') ? 'inet6' : 'inet';
  if (!prefix.includes('/')) {
    parse(prefix, refuse);
    const rest = gatewayWord === null ? '' : `@${gatewayWord}`;
    throw refuse('the prefix length is missing', `did you mean ${prefix}/${family === 'inet' ? 24 : 64}${rest}?`);
  }
  const address = parse(prefix, refuse);
  const prefixlen = address.length;
  checkHost(address, refuse);
  if (prefixlen === 0)
    throw refuse(
      'with a prefix length of 0 it would be a default route',
      `did you mean ${address.text}/${family === 'inet' ? 24 : 64}?`,
    );

  const local = address.text;
  if (gatewayWord === null) return { family, local, prefixlen, gateway: null, gatewayOnLink: false };
  if (gatewayWord.includes('/')) throw refuse('a gateway has no prefix length', word.slice(0, word.lastIndexOf('/')));
  const gatewayFamily = gatewayWord.includes(':') ? 'inet6' : 'inet';
  if (gatewayFamily !== family) throw refuse(`an ${familyName(family)} address needs an ${familyName(family)} gateway`);
  const gateway = parseGateway(gatewayWord, family, refuse);
  checkHost(gateway, refuse);
  if (gateway.text === local)
    throw refuse('the gateway is the address itself', "the router's address behind @, or no gateway");
  return {
    family,
    local,
    prefixlen,
    gateway: gateway.text,
    gatewayOnLink: address.has(gateway) || gateway.isLinkLocal6,
  };
}

type Refuse = (why: string, hint?: string) => UsageError;

function parse(text: string, refuse: Refuse): Prefix {
  if (text.includes('%')) throw refuse('a zone has no place here; the link is the zone', text.replace(/%[^/]*/, ''));
  try {
    return Prefix.parse(text);
  } catch (error) {
    const family = text.includes(':') ? 'inet6' : 'inet';
    if (error instanceof LengthError) throw refuse(lengthRange(family));
    const isLike = family === 'inet6' || /^\d+(\.|$)/.test(text);
    throw refuse(`not an ${isLike ? familyName(family) : 'IP'} address`, addressHint(text));
  }
}

function parseGateway(text: string, family: Family, refuse: Refuse): Prefix {
  return parse(text, (why, hint) => {
    const isNone = why.startsWith('not an ');
    return refuse(`the gateway: ${why}`, isNone ? (family === 'inet' ? '@192.168.1.254' : '@fd00::ff') : hint);
  });
}

function lengthRange(family: Family): string {
  return `the prefix length goes from 0 to ${family === 'inet' ? 32 : 128}`;
}

/** Refuses what no single host can have (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5). */
function checkHost(address: Prefix, refuse: Refuse): void {
  const { text, length, first } = address;
  const other = address.family === 'inet' ? '192.168.1.1/24' : 'fd00::1/64';
  if (address.isMulticast) throw refuse(`${text} is a multicast address`, other);
  if (address.isLoopback) throw refuse(`${text} is a loopback address`, other);
  if (address.embedsIPv4)
    throw refuse(`${text} stands for an IPv4 address, and is no host's own`, 'the IPv4 address itself');
  if (address.isUnspecified) throw refuse(`${text} is no host's address`, `${NONE} for no address`);
  if (address.family === 'inet6' || length > 30) return;
  const hint = `did you mean ${first.next.text}/${length}?`;
  if (text === first.text) throw refuse(`${text} is the network itself`, hint);
  if (text === address.last.text) throw refuse(`${text} is the network's broadcast address`, hint);
}

/**
 * Checks the words of `-a inet|inet6|4|6` against the addresses: pipework needs it for IPv6, here
 * the family is read off the address.
 *
 * @param given what the network gives: by DHCP the families `leased`, by `auto` IPv6
 * @throws UsageError for another word, or an address of the other family
 */
export function checkFamily(
  word: string,
  addresses: readonly AddressRequest[],
  given: { readonly leased: readonly Family[]; readonly autoconf: boolean } = { leased: [], autoconf: false },
): void {
  const family = FAMILIES[word];
  if (!family)
    throw new UsageError(`-a ${JSON.stringify(word)}: the families are inet, inet6, 4 and 6`, 'leave out -a');
  const leased = given.leased.find((one) => one !== family);
  if (leased) throw new UsageError(`-a ${word}: ${leased === 'inet' ? 'dhcp' : 'dhcp6'} is for ${familyName(leased)}`);
  if (given.autoconf && family !== 'inet6') throw new UsageError(`-a ${word}: auto is for IPv6`);
  const other = addresses.find((address) => address.family !== family);
  if (other)
    throw new UsageError(
      `-a ${word}: ${other.local} is an ${familyName(other.family)} address`,
      'leave out -a: the address tells its family',
    );
}

function familyName(family: Family): string {
  return family === 'inet' ? 'IPv4' : 'IPv6';
}
