/**
 * Containers of containerd, in all its namespaces. What has a process has a directory below
 * containerd's state directory (its runtime v2 layout), which is read: its gRPC would cost more than
 * all the other runtimes together. It is asked only for what was not found so: containers without a
 * process, and tasks of a daemon that keeps its state elsewhere.
 */
import { dirname } from 'node:path';
import { commandLineOf, processStat } from '../host/process-stat.ts';
import { isThere, namesIn, readStateFile } from '../host/state-file.ts';
import { variable } from '../host/variables.ts';
import { elsewhere, socketPath } from './asking.ts';
import { searchContainerd } from './containerd-api.ts';
import { ociState } from './oci-state.ts';
import { type Found, isMeant, type Runtime, splitScope } from './runtime.ts';

/** containerd's own, the one that Docker starts for itself, K3s's. */
const DEFAULT_SOCKETS = [
  '/run/containerd/containerd.sock',
  '/run/docker/containerd/containerd.sock',
  '/run/k3s/containerd/containerd.sock',
];

const TASKS = 'io.containerd.runtime.v2.task';

export const containerd = {
  word: 'containerd',
  about: "ID or its beginning, nerdctl's name; containerd:NAMESPACE/ID",
  scope: 'word',
  async find(name) {
    const { scope, own } = splitScope(name);
    return tasks(scope).flatMap((task) => (isMeant(own, task.id, task.names) ? [foundIn(task)] : []));
  },
  async search(name, seconds) {
    const { scope, own } = splitScope(name);
    const answers = await Promise.all(containerdSockets().map((path) => searchContainerd(path, scope, own, seconds)));
    return answers.flat();
  },
  async list() {
    return tasks(null)
      .map(foundIn)
      .map(({ name, state }) => ({ name, isRunning: state === 'running' }));
  },
  running: { files: statesBeside(DEFAULT_SOCKETS).map((state) => `${state}/${TASKS}/*/*`) },
  start: (name) => {
    const { scope, own } = splitScope(name);
    return `ctr -n ${scope ?? 'default'} tasks start -d ${own}`;
  },
} as const satisfies Runtime;

/**
 * The sockets of all containerds that there are.
 *
 * @throws StateError when CONTAINERD_ADDRESS is no socket's
 */
function containerdSockets(): string[] {
  const address = variable('CONTAINERD_ADDRESS');
  if (!address) return DEFAULT_SOCKETS.filter(isThere);
  const path = socketPath(address);
  if (path === null) throw elsewhere('containerd', 'CONTAINERD_ADDRESS', address);
  return [path];
}

/**
 * The namespaces with tasks of the containerd behind a socket.
 *
 * @returns null where it keeps its state elsewhere, or is another runtime's
 */
export function namespacesWithTasks(socket: string): string[] | null {
  const directory = `${dirname(socket)}/${TASKS}`;
  if (!isThere(directory)) return null;
  return namesIn(directory).filter((namespace) => namesIn(`${directory}/${namespace}`).length > 0);
}

/** The state is beside the socket; Docker keeps that of its own one a directory further down. */
function statesBeside(sockets: readonly string[]): string[] {
  return sockets.flatMap((socket) => [dirname(socket), `${dirname(socket)}/daemon`]);
}

interface Task {
  readonly id: string;
  readonly names: readonly string[];
  readonly namespace: string;
  readonly state: string;
}

/** @param scope a namespace, or null for all */
function tasks(scope: string | null): Task[] {
  return statesBeside(containerdSockets()).flatMap((state) =>
    (scope === null ? namesIn(`${state}/${TASKS}`) : [scope]).flatMap((namespace) => {
      const ids = namesIn(`${state}/${TASKS}/${namespace}`);
      const names = ids.length === 0 ? new Map<string, string[]>() : nerdctlNames(namespace);
      return ids.map((id) => ({ id, names: names.get(id) ?? [], namespace, state }));
    }),
  );
}

/** containerd knows IDs; names are nerdctl's, a file each that holds the ID (nerdctl's docs/dir.md). */
function nerdctlNames(namespace: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const address of namesIn('/var/lib/nerdctl'))
    for (const name of namesIn(`/var/lib/nerdctl/${address}/names/${namespace}`)) {
      const id = readStateFile(`/var/lib/nerdctl/${address}/names/${namespace}/${name}`)?.trim() ?? '';
      names.set(id, [...(names.get(id) ?? []), name]);
    }
  return names;
}

function foundIn({ id, names, namespace, state }: Task): Found {
  const known = { id, name: `${namespace}/${names[0] ?? id}` };
  const init = initOf(`${state}/${TASKS}/${namespace}/${id}`, [
    `${state}/runc/${namespace}/${id}`,
    `/run/docker/runtime-runc/${namespace}/${id}`,
  ]);
  if (typeof init === 'number') return { ...known, state: 'running', pid: init };
  return { ...known, state: 'stopped', status: init, isStarting: init === 'created' };
}

/** The PID of its first process, or what it is without. */
function initOf(bundle: string, ociDirectories: readonly string[]): number | 'created' | 'stopped' {
  for (const directory of ociDirectories) {
    const state = ociState(directory);
    if (state !== null) return 'pid' in state ? state.pid : 'stopped';
  }
  // Another OCI runtime: what the shim wrote, if the process is still its child.
  const pid = Number(readStateFile(`${bundle}/init.pid`) ?? 0);
  if (pid === 0) return 'created';
  const stat = processStat(pid);
  const [shim = ''] = stat === null ? [] : commandLineOf(stat.ppid);
  return /containerd-shim[\w-]*$/.test(shim) ? pid : 'stopped';
}
