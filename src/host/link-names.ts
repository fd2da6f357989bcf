/** Names of this namespace's own links, without asking a process. */
import { existsSync } from 'node:fs';

const DIRECTORY = '/proc/sys/net/ipv4/conf';

/**
 * May there be a link of that name here? Each has a directory of settings (net/ipv4/devinet.c), which a process sees of
 * its own namespace. One with an MTU too small for IPv4 has none, and no alternative name has.
 */
export function mayBeLink(ifname: string): boolean {
  return !existsSync(`${DIRECTORY}/all`) || existsSync(`${DIRECTORY}/${ifname}`);
}
