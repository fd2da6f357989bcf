/** The words of `add` as a request. */
import { UsageError } from '../errors.ts';
import type { AddRequest } from '../request.ts';
import { checkFamily, parseAddresses } from './address.ts';
import type { CommandLine } from './command-line.ts';
import { parseContainer } from './container.ts';
import { parseMac } from './mac.ts';
import { parseParent } from './parent.ts';
import { takeWords } from './words.ts';

/** The interface in the container, unless -i says otherwise. */
export const DEFAULT_IFNAME = 'eth1';

/** RFC 8200 section 5; the kernel switches IPv6 off on a link below it (IPV6_MIN_MTU). */
const IPV6_MIN_MTU = 1280;

/**
 * @throws UsageError when a word is missing, too many, or cannot be what it stands for
 */
export function addRequest({ words, options }: CommandLine): AddRequest {
  const [parent, container, address, mac] = takeWords('add', words, ['PARENT', 'CONTAINER', 'ADDRESS'], ['MAC']);
  const addresses = parseAddresses(address);
  if (options.family !== undefined) checkFamily(options.family, addresses);
  const mtu = options.mtu ?? null;
  if (mtu !== null && mtu < IPV6_MIN_MTU && addresses.some(({ family }) => family === 'inet6'))
    throw new UsageError(`--mtu ${mtu}: IPv6 needs ${IPV6_MIN_MTU} at least`);
  return {
    parent: parseParent(parent),
    container: parseContainer(container),
    addresses,
    mac: mac === undefined ? null : parseMac(mac),
    ifname: options.ifname ?? DEFAULT_IFNAME,
    hostIfname: options.hostIfname ?? null,
    mtu,
    firewall: options.firewall ?? true,
  };
}
