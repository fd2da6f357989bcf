/** A container by its network namespace. */
import { release } from '../host/netns.ts';
import { allTargets } from './all.ts';
import type { Target } from './index.ts';

/**
 * Looks through all containers.
 *
 * @param inode of the namespace
 * @param seconds how long a runtime may take to answer
 * @returns null when no container that can be found lives in it
 */
export async function openByNetns(
  inode: number,
  seconds: number,
  warn: (message: string) => void,
): Promise<Target | null> {
  for await (const target of allTargets(seconds, warn)) {
    if (target.facts.netns === inode) return target;
    release(target.held);
  }
  return null;
}
