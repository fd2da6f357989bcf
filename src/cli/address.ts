/** The ADDRESS word: `ADDRESS/LENGTH[@GATEWAY]`, several of them with commas, or `0/0` for none. */
import { Address4, Address6 } from 'ip-address';
import { UsageError } from '../errors.ts';
import type { AddressRequest, Family } from '../request.ts';
import { isDhcpWord } from './dhcp.ts';

const NONE = '0/0';
/** Reserved for DHCPv6. */
const LATER_WORDS = /^dhcp6(:|$)/;

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
    if (seen.has(local)) throw new UsageError(`address ${local}: given twice`);
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
  const gatewayWord = at === -1 ? null : word.slice(at + 1);
  if (prefix === NONE) throw refuse(`${NONE} means no address and stands alone`);
  if (isDhcpWord(word)) throw refuse('DHCP has no place here');
  if (LATER_WORDS.test(word)) throw refuse('this is not in this release');

  const family = prefix.includes(':') ? 'inet6' : 'inet';
  if (!prefix.includes('/')) {
    parse(family, prefix, refuse);
    const rest = gatewayWord === null ? '' : `@${gatewayWord}`;
    throw refuse('the prefix length is missing', `did you mean ${prefix}/${family === 'inet' ? 24 : 64}${rest}?`);
  }
  const address = parse(family, prefix, refuse);
  const prefixlen = address.subnetMask;
  checkHost(address, prefixlen, refuse);
  if (prefixlen === 0) throw refuse('with a prefix length of 0 it would be a default route');

  const local = address.correctForm();
  if (gatewayWord === null) return { family, local, prefixlen, gateway: null, gatewayOnLink: false };
  if (gatewayWord.includes('/')) throw refuse('a gateway has no prefix length', word.slice(0, word.lastIndexOf('/')));
  const gatewayFamily = gatewayWord.includes(':') ? 'inet6' : 'inet';
  if (gatewayFamily !== family) throw refuse(`an ${familyName(family)} address needs an ${familyName(family)} gateway`);
  const gateway = parse(family, gatewayWord, refuse);
  checkHost(gateway, family === 'inet' ? 32 : 128, refuse);
  if (gateway.correctForm() === local) throw refuse('the gateway is the address itself');
  return {
    family,
    local,
    prefixlen,
    gateway: gateway.correctForm(),
    gatewayOnLink: isInside(gateway, address) || (gateway instanceof Address6 && gateway.isLinkLocal()),
  };
}

function parse(family: Family, text: string, refuse: (why: string) => UsageError): Address4 | Address6 {
  if (text.includes('%')) throw refuse('a zone has no place here; the link is the zone');
  try {
    return family === 'inet' ? new Address4(text) : new Address6(text);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw refuse(why === 'Invalid subnet mask' ? lengthRange(family) : `not an IP address (${why})`);
  }
}

function lengthRange(family: Family): string {
  return `the prefix length goes from 0 to ${family === 'inet' ? 32 : 128}`;
}

/** Refuses what no single host can have (RFC 1122 section 3.2.1.3, RFC 4291 section 2.5). */
function checkHost(
  address: Address4 | Address6,
  prefixlen: number,
  refuse: (why: string, hint?: string) => UsageError,
): void {
  const text = address.correctForm();
  if (address.isMulticast()) throw refuse(`${text} is a multicast address`);
  if (address.isLoopback()) throw refuse(`${text} is a loopback address`);
  if (address instanceof Address6 && (address.isMapped4() || /^::[\da-f]{1,4}(:[\da-f]{1,4})?$/.test(text)))
    throw refuse(`${text} stands for an IPv4 address, and is no host's own`, 'the IPv4 address itself');
  if (address.isUnspecified()) throw refuse(`${text} is no host's address`, `${NONE} for no address`);
  if (!(address instanceof Address4) || prefixlen > 30) return;
  const network = address.startAddress().correctForm();
  const hint = `did you mean ${address.startAddressExclusive().correctForm()}/${prefixlen}?`;
  if (text === network) throw refuse(`${text} is the network itself`, hint);
  if (text === address.endAddress().correctForm()) throw refuse(`${text} is the network's broadcast address`, hint);
}

function isInside(gateway: Address4 | Address6, prefix: Address4 | Address6): boolean {
  return prefix.startAddress().bigInt() <= gateway.bigInt() && gateway.bigInt() <= prefix.endAddress().bigInt();
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
  const families: Record<string, Family> = { inet: 'inet', '4': 'inet', inet6: 'inet6', '6': 'inet6' };
  const family = families[word];
  if (!family) throw new UsageError(`-a ${JSON.stringify(word)}: the families are inet, inet6, 4 and 6`);
  const leased = given.leased.find((one) => one !== family);
  if (leased) throw new UsageError(`-a ${word}: ${leased === 'inet' ? 'dhcp' : 'dhcp6'} is for ${familyName(leased)}`);
  if (given.autoconf && family !== 'inet6') throw new UsageError(`-a ${word}: auto is for IPv6`);
  const other = addresses.find((address) => address.family !== family);
  if (other) throw new UsageError(`-a ${word}: ${other.local} is an ${familyName(other.family)} address`);
}

function familyName(family: Family): string {
  return family === 'inet' ? 'IPv4' : 'IPv6';
}
