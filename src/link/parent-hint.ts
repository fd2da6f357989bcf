/** What may have been meant by a PARENT that is no link of the host's. */
import { nearest } from '../cli/nearest.ts';

/** Names of what no bridge is called: NICs, and links that other programs make. */
const NO_BRIDGE = /^(eth|en[ospx]|wl|ww|ib|bond|team|docker|veth|tun|tap|usb)\w*\d/;

/**
 * @param name the link that was named
 * @param links the host's
 * @returns what helps, as a command or a word
 */
export function parentHint(name: string, links: readonly string[]): string {
  const [, lower, vlan] = /^(.+)\.(\d{1,4})$/.exec(name) ?? [];
  if (lower !== undefined && links.includes(lower)) return `netwire ${lower} CONTAINER ADDRESS @${vlan}`;
  const near = nearest(name, links);
  if (near !== null) return `did you mean ${near}?`;
  return NO_BRIDGE.test(name) ? 'ip link' : `bridge:${name} makes a bridge of that name`;
}
