/** The grammar backwards: from an attachment to the command line that makes it. */
import type { Attachment } from '../attachment.ts';
import type { AddressFacts } from '../facts.ts';
import { defaultHostIfname } from '../link/veth.ts';
import { shellWord } from '../plan/print.ts';
import { DEFAULT_IFNAME } from './add.ts';

/** A bridge follows the lowest MTU of its ports, so its present one is no default to rely on. */
const DEFAULT_MTU = 1500;

/**
 * @param attachment one on a bridge
 * @param addresses those that were set by hand
 * @returns a line for a shell
 */
export function canonicalCommand(attachment: Attachment, addresses: readonly AddressFacts[]): string {
  const { container, ifname, parent, host_ifname, address, mtu } = attachment;
  const words = ['netwire'];
  if (ifname !== DEFAULT_IFNAME) words.push('-i', ifname);
  if (host_ifname !== null && host_ifname !== defaultHostIfname(ifname, attachment)) words.push('-l', host_ifname);
  if (mtu !== DEFAULT_MTU) words.push('--mtu', String(mtu));
  words.push(`bridge:${parent}`, container, addressWord(addresses, attachment.gateway), address);
  return words.map(shellWord).join(' ');
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
