/** A container by its network namespace. */
import { ContainerError } from '../errors.ts';
import { release } from '../host/netns.ts';
import { allContainers } from './all.ts';
import { openTarget, type Target } from './index.ts';

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
  for (const request of await allContainers(seconds, warn)) {
    try {
      const target = await openTarget(request, seconds);
      if (target.facts.netns === inode) return target;
      release(target.held);
    } catch (error) {
      // It ended between the list and the look.
      if (!(error instanceof ContainerError)) throw error;
    }
  }
  return null;
}
