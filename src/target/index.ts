/** From a container's name to its network namespace, held open. */
import { nearest } from '../cli/nearest.ts';
import { ContainerError, NetwireError, PermissionError } from '../errors.ts';
import type { TargetFacts } from '../facts.ts';
import { netnsNames } from '../host/namespaces.ts';
import { type HeldNetns, hasLeft, holdNetnsFile, holdProcessNetns, ownNetnsInode, release } from '../host/netns.ts';
import type { ContainerRequest } from '../request.ts';
import { DOCKER_OFF, dockerNames, findDocker } from './docker.ts';
import type { Found } from './found.ts';
import { netnsPath } from './netns.ts';

export interface Target {
  readonly facts: TargetFacts;
  readonly held: HeldNetns;
}

/** Seconds a runtime may take to answer, unless --timeout says otherwise. */
export const LOOKUP_SECONDS = 3;

/** How often a container that is restarted at that very moment is looked up again. */
const LOOKUPS = 3;

type Place = { readonly path: string; readonly canonical: string } | Found;

/**
 * Finds a container and holds its namespace.
 *
 * @param seconds how long a runtime may take to answer
 * @throws ContainerError when there is no such container, several, none running, or it shares the
 *   host's namespace; StateError and PermissionError when a runtime cannot be asked
 */
export async function openTarget(request: ContainerRequest, seconds: number): Promise<Target> {
  for (let lookup = 1; ; lookup++) {
    const place = await find(request, seconds);
    const target = hold(place);
    if (await isStill(place, seconds)) return request.runtime === 'host' ? target : refuseHost(target);
    release(target.held);
    if (lookup === LOOKUPS)
      throw new ContainerError('not-running', `${place.canonical}: its process changed while it was looked at`);
  }
}

/**
 * @throws ContainerError when the container's process has ended since it was found
 */
export function assertStillThere({ facts, held }: Target): void {
  if (hasLeft(held)) throw new ContainerError('not-running', `${facts.canonical}: the container ended meanwhile`);
}

async function find({ runtime, name }: ContainerRequest, seconds: number): Promise<Place> {
  if (runtime === 'host') return { path: '/proc/self/ns/net', canonical: name };
  const matches: Place[] = [];
  let silent: NetwireError | null = null;
  if (runtime === null || runtime === 'docker') {
    try {
      const found = await findDocker(name, seconds);
      if (found !== null) matches.push(found);
    } catch (error) {
      if (!(error instanceof NetwireError) || runtime !== null) throw error;
      silent = error;
    }
  }
  if (runtime === null || runtime === 'netns') {
    const path = netnsPath(name);
    if (path !== null) matches.push({ path, canonical: `netns:${name}` });
  }
  const [match, second] = matches;
  if (match && second)
    throw new ContainerError(
      'ambiguous',
      `container ${name}: there are several: ${matches.map(({ canonical }) => canonical).join(', ')}`,
      match.canonical,
    );
  if (match && silent === null) return match;
  if (silent !== null && silent.code !== DOCKER_OFF) throw silent;
  if (match) return match;
  if (runtime === 'pid' || (runtime === null && /^[1-9]\d*$/.test(name)))
    return { state: 'running', canonical: `pid:${name}`, pid: Number(name), id: null };
  throw silent ?? (await unknown(name, runtime, seconds));
}

async function unknown(name: string, runtime: ContainerRequest['runtime'], seconds: number): Promise<ContainerError> {
  if (name.startsWith('/')) return new ContainerError('no-such-container', `namespace ${name}: no such file`);
  const names = [
    ...(runtime === 'netns' ? [] : await dockerNames(seconds)),
    ...(runtime === 'docker' ? [] : netnsNames()),
  ];
  const near = nearest(name, names);
  const where = runtime === null ? '' : ` (asked: ${runtime})`;
  return new ContainerError(
    'no-such-container',
    `container ${name}: no such container${where}`,
    near === null ? undefined : `did you mean ${near}?`,
  );
}

function hold(place: Place): Target {
  const { canonical } = place;
  if ('path' in place) {
    const held = opened(canonical, () => holdNetnsFile(place.path));
    if (held === null) throw new ContainerError('no-such-container', `${canonical}: not a network namespace`);
    return { held, facts: { canonical, pid: null, netns: held.inode, id: null, path: place.path } };
  }
  if (place.state === 'stopped')
    throw new ContainerError('not-running', `${canonical}: not running (${place.status})`, startHint(canonical));
  const held = opened(canonical, () => holdProcessNetns(place.pid));
  const { pid, id } = place;
  return { held, facts: { canonical, pid, netns: held.inode, id, path: `/proc/${pid}/ns/net` } };
}

function startHint(canonical: string): string {
  return canonical.replace(':', ' start ');
}

function opened<T>(canonical: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM')
      throw new PermissionError(`${canonical}: its namespace may not be opened`);
    if (code === 'ENOENT' || code === 'ESRCH')
      throw new ContainerError('not-running', `${canonical}: no such process, or it has ended`);
    throw error;
  }
}

/** A PID may have been given to another process between the answer and the look: ask once more. */
async function isStill(place: Place, seconds: number): Promise<boolean> {
  if ('path' in place || place.state === 'stopped' || !place.canonical.startsWith('docker:')) return true;
  const again = await findDocker(place.canonical.slice('docker:'.length), seconds);
  return again?.state === 'running' && again.pid === place.pid;
}

function refuseHost(target: Target): Target {
  if (target.held.inode !== ownNetnsInode()) return target;
  release(target.held);
  throw new ContainerError(
    'host-namespace',
    `${target.facts.canonical}: it shares the host's network namespace; an interface there would be the host's`,
  );
}
