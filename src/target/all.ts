/** Every container of the machine, each namespace once. */
import { NetwireError } from '../errors.ts';
import { NETNS_DIRECTORY, netnsNames, processNamespaces } from '../host/namespaces.ts';
import { netnsInodeOf, ownNetnsInode } from '../host/netns.ts';
import type { ContainerRequest } from '../request.ts';
import { listDocker } from './docker.ts';
import { netnsInode } from './netns.ts';

/**
 * Finds all namespaces but the host's, and names each: by the runtime that knows it, by its name in
 * `ip netns`, or by a PID.
 *
 * @param warn told of runtimes that could not be asked; their containers are then listed by PID
 */
export async function allContainers(seconds: number, warn: (message: string) => void): Promise<ContainerRequest[]> {
  const requests = new Map<number, ContainerRequest>();
  const add = (inode: number | null, request: ContainerRequest) => {
    if (inode !== null && inode !== ownNetnsInode() && !requests.has(inode)) requests.set(inode, request);
  };
  for (const { pid, name } of await runningDocker(seconds, warn)) add(netnsInodeOf(pid), { runtime: 'docker', name });
  // A name that could not be typed is given as a path.
  for (const name of netnsNames())
    add(netnsInode(name), { runtime: 'netns', name: /^[^\s-]\S*$/.test(name) ? name : `${NETNS_DIRECTORY}/${name}` });
  for (const [inode, pid] of processNamespaces()) add(inode, { runtime: 'pid', name: String(pid) });
  return [...requests.values()];
}

async function runningDocker(seconds: number, warn: (message: string) => void) {
  try {
    const found = await listDocker(seconds);
    return found.flatMap((one) =>
      one.state === 'running' ? [{ pid: one.pid, name: one.canonical.slice('docker:'.length) }] : [],
    );
  } catch (error) {
    if (!(error instanceof NetwireError)) throw error;
    warn(error.message);
    return [];
  }
}
