/** Every container of the machine, each namespace once. */
import { ContainerError, NetwireError } from '../errors.ts';
import { processNamespaces } from '../host/namespaces.ts';
import { ownNetnsInode, release } from '../host/netns.ts';
import type { ContainerRequest } from '../request.ts';
import { explainAsking } from './asking.ts';
import { openTarget, type Target } from './index.ts';
import { PROCESS_RUNTIME, RUNTIMES } from './runtimes.ts';

/**
 * Opens all namespaces but the host's, and names each: by the first runtime that knows it, by its name
 * in `ip netns`, or by a PID.
 *
 * @param warn told of runtimes that could not be asked; their containers are then listed by PID
 * @returns targets to be released by who takes them
 */
export async function* allTargets(seconds: number, warn: (message: string) => void): AsyncGenerator<Target> {
  const seen = new Set([ownNetnsInode()]);
  const silent = new Set<ContainerRequest['runtime']>();
  for (const request of await listed(seconds, warn)) {
    // One that does not answer is not waited for again.
    if (silent.has(request.runtime)) continue;
    const target = await opened(request, seconds, (message) => {
      silent.add(request.runtime);
      warn(message);
    });
    if (target === null) continue;
    if (seen.has(target.facts.netns)) {
      release(target.held);
      continue;
    }
    seen.add(target.facts.netns);
    yield target;
  }
  for (const [inode, pid] of processNamespaces()) {
    if (seen.has(inode)) continue;
    const target = await opened({ runtime: PROCESS_RUNTIME, name: String(pid) }, seconds, warn);
    if (target !== null) yield target;
  }
}

/** Running containers, in the order of the runtimes. */
async function listed(seconds: number, warn: (message: string) => void): Promise<ContainerRequest[]> {
  const lists = RUNTIMES.map(async ({ word, list }) => {
    try {
      return (await list(seconds)).flatMap(({ name, isRunning }) => (isRunning ? [{ runtime: word, name }] : []));
    } catch (error) {
      warn(explainAsking(word, error).message);
      return [];
    }
  });
  return (await Promise.all(lists)).flat();
}

/** Null when it ended between the list and the look, or is the host's. */
async function opened(
  request: ContainerRequest,
  seconds: number,
  warn: (message: string) => void,
): Promise<Target | null> {
  try {
    return await openTarget(request, seconds);
  } catch (error) {
    if (error instanceof ContainerError) return null;
    if (!(error instanceof NetwireError)) throw error;
    warn(error.message);
    return null;
  }
}
