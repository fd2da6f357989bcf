/** From a container's name to its network namespace, held open. */
import { ContainerError, PermissionError } from '../errors.ts';
import type { TargetFacts } from '../facts.ts';
import { type HeldNetns, hasLeft, holdNetnsFile, holdProcessNetns, ownNetnsInode, release } from '../host/netns.ts';
import { hasEnded, processStat } from '../host/process-stat.ts';
import type { ContainerRequest } from '../request.ts';
import { canonicalName, LISTED, lookUp, type Match } from './look-up.ts';
import { PROCESS_RUNTIME } from './runtimes.ts';

export interface Target {
  readonly facts: TargetFacts;
  readonly held: HeldNetns;
}

/** Seconds a runtime may take to answer, unless --timeout says otherwise. */
export const LOOKUP_SECONDS = 3;

/** How often a container that is restarted at that very moment is looked up again. */
const LOOKUPS = 3;

/** How often one that is just starting is asked for, in milliseconds. */
const STARTING_INTERVAL = 50;

/**
 * Finds a container and holds its namespace; one that is just starting is waited for.
 *
 * @param seconds how long a runtime may take to answer, and a container to start
 * @throws ContainerError when there is no such container, several, none running, or it shares the
 *   host's namespace; StateError and PermissionError when a runtime cannot be asked
 */
export async function openTarget(request: ContainerRequest, seconds: number): Promise<Target> {
  if (request.runtime === 'host') return hostItself(request.name);
  for (let lookup = 1; ; lookup++) {
    const match = await started(request, seconds);
    const target = hold(match);
    if (await isStill(match, seconds)) return refuseHost(target);
    release(target.held);
    if (lookup === LOOKUPS)
      throw new ContainerError('not-running', `${canonicalName(match)}: its process changed while it was looked at`);
  }
}

/**
 * @throws ContainerError when the container's process has ended since it was found
 */
export function assertStillThere({ facts, held }: Target): void {
  if (hasLeft(held)) throw new ContainerError('not-running', `${facts.canonical}: the container ended meanwhile`);
}

/** Looks it up, again and again while it is about to start. */
async function started(request: ContainerRequest, seconds: number): Promise<Match> {
  const deadline = Date.now() + seconds * 1000;
  for (let asked = request; ; ) {
    const match = await lookUp(asked, seconds);
    const { runtime, found } = match;
    if (found.state !== 'stopped') return match;
    if (!found.isStarting || Date.now() + STARTING_INTERVAL > deadline)
      throw new ContainerError(
        'not-running',
        `${canonicalName(match)}: not running (${found.status})`,
        runtime.start?.(found.name),
      );
    asked = { runtime: runtime.word, name: found.name };
    await new Promise((resolve) => setTimeout(resolve, STARTING_INTERVAL));
  }
}

function hostItself(name: string): Target {
  const path = '/proc/self/ns/net';
  const held = holdNetnsFile(path);
  if (held === null) throw new Error(`${path} is no network namespace`);
  return { held, facts: { canonical: name, id: null, pid: null, netns: held.inode, path } };
}

function hold(match: Match): Target {
  const { found } = match;
  const canonical = canonicalName(match);
  if (found.state === 'stopped') throw new ContainerError('not-running', `${canonical}: not running`);
  if (found.state === 'namespace') {
    const held = opened(canonical, () => holdNetnsFile(found.path));
    if (held === null) throw new ContainerError('no-such-container', `${canonical}: not a network namespace`, LISTED);
    return { held, facts: { canonical, id: found.id, pid: null, netns: held.inode, path: found.path } };
  }
  const { pid, id } = found;
  if (processStat(pid)?.isKernelThread)
    throw new ContainerError(
      'not-running',
      `${canonical}: process ${pid} is a thread of the kernel, no container`,
      LISTED,
    );
  const held = opened(canonical, () => holdProcessNetns(pid));
  return { held, facts: { canonical, id, pid, netns: held.inode, path: `/proc/${pid}/ns/net` } };
}

function opened<T>(canonical: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM')
      throw new PermissionError(`${canonical}: its namespace may not be opened`);
    if (code === 'ENOENT' || code === 'ESRCH')
      throw new ContainerError('not-running', `${canonical}: no such process, or it has ended`, LISTED);
    throw error;
  }
}

/**
 * A PID may have been given to another process between the answer and the look: the runtime is asked
 * once more. A PID that was said itself is whoever has it.
 */
async function isStill({ runtime, found }: Match, seconds: number): Promise<boolean> {
  if (found.state !== 'running') return true;
  if (runtime.word === PROCESS_RUNTIME) return !hasEnded(processStat(found.pid));
  const quick = await runtime.find(found.name, seconds);
  const again = quick.length > 0 ? quick : ((await runtime.search?.(found.name, seconds)) ?? []);
  return again.some((one) => one.state === 'running' && one.pid === found.pid);
}

function refuseHost(target: Target): Target {
  if (target.held.inode !== ownNetnsInode()) return target;
  release(target.held);
  throw new ContainerError(
    'host-namespace',
    `${target.facts.canonical}: it shares the host's network namespace; an interface there would be the host's`,
    'host as CONTAINER, if that is meant',
  );
}
