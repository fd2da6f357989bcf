/** MAC addresses nobody has yet. */

/** @returns a random unicast, locally administered address, as the kernel's `eth_random_addr` makes */
export function freshMac(): string {
  const bytes = Array.from({ length: 6 }, () => Math.floor(Math.random() * 256));
  bytes[0] = ((bytes[0] ?? 0) & 0xfe) | 0x02;
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/**
 * One that is higher than any other: a bridge takes on the lowest MAC of its ports
 * (net/bridge/br_stp_if.c, br_stp_recalculate_bridge_id), and shall not take on a port's of ours.
 */
export function highMac(): string {
  return `fe${freshMac().slice(2)}`;
}
