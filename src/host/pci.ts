/** NICs by their place on the PCI bus. */
import { readdirSync, realpathSync } from 'node:fs';

const LINKS = '/sys/class/net';

/**
 * @param address as lspci -D prints it: `0000:03:00.0`
 * @returns the name of the link at that address, null when there is none
 */
export function ifnameAtPci(address: string): string | null {
  return readdirSync(LINKS).find((ifname) => pciOf(ifname) === address) ?? null;
}

/** The PCI address of the device behind a link; between the two there may be others, virtio's for one. */
export function pciOf(ifname: string): string | null {
  try {
    const device = realpathSync(`${LINKS}/${ifname}/device`);
    return device.split('/').findLast((part) => /^[\da-f]{4,8}:[\da-f]{2}:[\da-f]{2}\.[0-7]$/.test(part)) ?? null;
  } catch {
    return null;
  }
}
