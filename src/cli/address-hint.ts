/** What may have been meant by a word that is no address. */
import { familyOf } from '../address/prefix.ts';
import { nearest } from './nearest.ts';

const WORDS = ['dhcp', 'udhcpc', 'dhcpcd', 'dhclient', 'dhcp6', 'dhcpcd6', 'dhclient6', 'auto'];

/** What others write for no address. */
const NONE = /^(none|no|null|nil|off|-)$/i;

/** @param word one of ADDRESS, without its gateway */
export function addressHint(word: string): string {
  const bare = word.replace(/[[\]\s]/g, '');
  const [address = '', length = ''] = bare.split('/');
  const isAddress = familyOf(address) !== null;
  const bits = maskLength(length);
  if (isAddress && bits !== null) return `did you mean ${address}/${bits}?`;
  if (isAddress && bare !== word) return `did you mean ${length === '' ? address : bare}?`;
  if (NONE.test(word)) return '0/0 for no address';
  const near = nearest(word.toLowerCase(), WORDS);
  if (near !== null) return `did you mean ${near}?`;
  if (/^\d+\./.test(word)) return '192.168.1.1/24';
  return word.includes(':') ? 'fd00::1/64' : '192.168.1.1/24, dhcp, or 0/0 for no address';
}

/** Of a netmask: 24 for 255.255.255.0; null when it is none. */
function maskLength(mask: string): number | null {
  if (familyOf(mask) !== 'inet') return null;
  const bits = mask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^1+0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : null;
}
