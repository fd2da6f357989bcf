/** The words of `add` as a request. */
import { wantsIpv6 } from '../address/addresses.ts';
import { UsageError } from '../errors.ts';
import { IPV6_MIN_MTU } from '../link/limits.ts';
import type { AddRequest, ParentRequest, PeerRequest } from '../request.ts';
import { checkFamily, parseAddresses } from './address.ts';
import type { CommandLine } from './command-line.ts';
import { parseContainer } from './container.ts';
import { takeDhcp } from './dhcp.ts';
import { parseMac } from './mac.ts';
import type { Options } from './options.ts';
import { parseParent } from './parent.ts';
import { routingRequest } from './routing.ts';
import { checkOrder } from './word-order.ts';
import { takeWords } from './words.ts';

/** Reserved for "the next free one". */
const AUTO = 'auto';

/**
 * @throws UsageError when a word is missing, too many, or cannot be what it stands for
 */
export function addRequest({ words, options }: CommandLine): AddRequest {
  checkOrder(words);
  const [parent, container, address, last] = takeWords('add', words, ['PARENT', 'CONTAINER', 'ADDRESS'], ['MAC']);
  const { mac, tag } = splitMac(last ?? '');
  const { rest, dhcp, autoconf } = takeDhcp(address, options);
  const addresses = parseAddresses(rest).map((one) =>
    options.dad && one.family === 'inet6' ? { ...one, dad: true } : one,
  );
  if (options.dad && !autoconf && !addresses.some(({ dad }) => dad))
    throw new UsageError('--dad: there is no IPv6 address that it would be for', 'leave out --dad');
  const leased = dhcp.map(({ family }) => family);
  const gateway = addresses.find((one) => leased.includes(one.family) && one.gateway !== null)?.gateway;
  if (gateway?.includes(':'))
    throw new UsageError(`gateway ${gateway}: with DHCPv6 routers say it`, 'leave out @GATEWAY');
  if (gateway) throw new UsageError(`gateway ${gateway}: with DHCP the server says it`, 'leave out @GATEWAY');
  if (options.family !== undefined) checkFamily(options.family, addresses, { leased, autoconf });
  if (options.ifname === AUTO) throw new UsageError(`--ifname ${AUTO}: this is not in this release`, '-i NAME');
  const mtu = options.mtu ?? null;
  if (mtu !== null && mtu < IPV6_MIN_MTU && wantsIpv6({ addresses, autoconf, dhcp }))
    throw new UsageError(`--mtu ${mtu}: IPv6 needs ${IPV6_MIN_MTU} at least`, `--mtu ${IPV6_MIN_MTU}`);
  const parentRequest = moved(parseParent(parent), parent, options.directPhys ?? false);
  return {
    parent: parentRequest,
    container: parseContainer(container),
    addresses,
    dhcp,
    autoconf,
    routing: routingRequest(options, addresses, leased.includes('inet')),
    probe: options.probe ?? false,
    mac: mac === '' ? null : parseMac(mac),
    ifname: options.ifname ?? null,
    hostIfname: options.hostIfname ?? null,
    mtu,
    firewall: options.firewall ?? true,
    tag: oneTag(tag, options.vlan ?? null),
    pkey: onePkey(tag, options),
    trunk: options.trunk ?? null,
    vlanFiltering: options.vlanFiltering ?? false,
    ovsDatapath: options.ovsDatapath ?? null,
    force: options.force ?? false,
    replace: options.replace ?? false,
    peer: peerRequest(parentRequest, options),
    mode: options.mode ?? null,
    isolation: options.isolation ?? null,
  };
}

/** `--direct-phys`: as the kind `phys:` says. */
function moved(parent: ParentRequest, word: string, directPhys: boolean): ParentRequest {
  if (!directPhys) return parent;
  if (parent.kind !== 'auto' && parent.kind !== 'phys')
    throw new UsageError(`--direct-phys: ${word} says another kind`, `phys:${word.slice(word.indexOf(':') + 1)}`);
  return { ...parent, kind: 'phys' };
}

/** What the options say of a cable's other end. */
function peerRequest({ kind }: ParentRequest, options: Options): PeerRequest | null {
  const { peerIfname, peerAddress, peerMac } = options;
  if (kind !== 'veth') {
    const [given] = Object.entries({ ifname: peerIfname, address: peerAddress, mac: peerMac }).filter(
      ([, value]) => value !== undefined,
    );
    if (given) throw new UsageError(`--peer-${given[0]}: only a cable has another end to set`, 'veth:CONTAINER2');
    return null;
  }
  return {
    ifname: peerIfname ?? 'eth1',
    addresses: peerAddress === undefined ? [] : parseAddresses(peerAddress),
    mac: peerMac === undefined ? null : parseMac(peerMac),
  };
}

/** `[MAC][@VLAN]`; the text of `U:text` may hold an `@`, but not behind it a VLAN. */
function splitMac(word: string): { mac: string; tag: string | null } {
  const at = word.lastIndexOf('@');
  if (at === -1 || !/^@[\da-z]+$/i.test(word.slice(at))) return { mac: word, tag: null };
  return { mac: word.slice(0, at), tag: word.slice(at + 1) };
}

function onePkey(tag: string | null, { pkey, vlan }: Options): string | null {
  const other = tag ?? vlan;
  const digits = (word: string) => word.replace(/^0x/i, '').toLowerCase();
  if (pkey !== undefined && other !== undefined && digits(pkey) !== digits(other))
    throw new UsageError(`--pkey ${pkey}: @${other} says another`, 'leave one of them out');
  return pkey ?? null;
}

function oneTag(word: string | null, option: string | null): string | null {
  if (word !== null && option !== null && word !== option)
    throw new UsageError(`--vlan ${option}: @${word} says another`, `leave one of them out`);
  return word ?? option;
}
