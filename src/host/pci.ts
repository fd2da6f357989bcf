/** NICs by their place on the PCI bus. */
import { readdirSync } from 'node:fs';

/**
 * @param address as lspci -D prints it: `0000:03:00.0`
 * @returns the name of the link at that address, null when there is none
 */
export function ifnameAtPci(address: string): string | null {
  try {
    return readdirSync(`/sys/bus/pci/devices/${address}/net`)[0] ?? null;
  } catch {
    return null;
  }
}
