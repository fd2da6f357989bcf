/** The network namespaces of the machine: those that processes live in, and those that have a name. */
import { readdirSync } from 'node:fs';
import { netnsInodeOf } from './netns.ts';

/** Where ip-netns(8) keeps its names. */
export const NETNS_DIRECTORY = '/run/netns';

/** The names in `ip netns`; none where it was never used. */
export function netnsNames(): string[] {
  try {
    return readdirSync(NETNS_DIRECTORY);
  } catch {
    return [];
  }
}

/**
 * @returns for each namespace's inode the lowest PID in it; processes that may not be looked at are
 *   left out
 */
export function processNamespaces(): Map<number, number> {
  const namespaces = new Map<number, number>();
  for (const pid of processIds()) {
    const inode = netnsInodeOf(pid);
    if (inode !== null && !namespaces.has(inode)) namespaces.set(inode, pid);
  }
  return namespaces;
}

/** The PIDs of all processes, in ascending order. */
export function processIds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}
