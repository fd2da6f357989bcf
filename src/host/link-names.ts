/** Names of this namespace's own links, without asking a process. */
import { existsSync } from 'node:fs';

const DIRECTORY = '/proc/sys/net/ipv4/conf';

/**
 * May there be a link of that name here? Each has a directory of settings (net/ipv4/devinet.c), which a process sees of
 * its own namespace. One with an MTU too small for IPv4 has none, and no alternative name has.
 */
export function mayBeLink(ifname: string): boolean {
  // Each look walks by the directories of that name of all namespaces (fs/proc/proc_sysctl.c, proc_sys_compare).
  isShown ??= existsSync(`${DIRECTORY}/all`);
  return !isShown || existsSync(`${DIRECTORY}/${ifname}`);
}

let isShown: boolean | null = null;
