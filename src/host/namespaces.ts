/** All network namespaces of the machine that processes live in. */
import { readdirSync } from 'node:fs';
import { netnsInodeOf } from './netns.ts';

/**
 * @returns for each namespace's inode the lowest PID in it; processes that may not be looked at are
 *   left out
 */
export function processNamespaces(): Map<number, number> {
  const namespaces = new Map<number, number>();
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  for (const pid of pids.sort((a, b) => a - b)) {
    const inode = netnsInodeOf(pid);
    if (inode !== null && !namespaces.has(inode)) namespaces.set(inode, pid);
  }
  return namespaces;
}
