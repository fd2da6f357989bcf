/**
 * Containers of Podman, root's and every user's own. There is no daemon to ask, so its files are
 * read: the list that containers/storage keeps, and what the OCI runtime wrote of each. A service
 * that CONTAINER_HOST names is asked instead.
 */
import { commandLineOf, mappedUsers, processStat } from '../host/process-stat.ts';
import { isThere, readStateFile, readStateJson, USER_FILE_BYTES } from '../host/state-file.ts';
import { callingUid, usersLentTo } from '../host/users.ts';
import { variable } from '../host/variables.ts';
import { elsewhere, socketPath } from './asking.ts';
import { type Engine, findInEngine, listEngine } from './engine.ts';
import { ociState } from './oci-state.ts';
import { type PodmanStore, podmanStores } from './podman-store.ts';
import { type Found, isMeant, type Runtime, splitScope } from './runtime.ts';

/** A line of the list of containers. */
interface StoredContainer {
  readonly id: string;
  readonly names: readonly string[];
}

export const podman = {
  word: 'podman',
  about: "the same, of root and of the caller; podman:USER/NAME for another user's",
  scope: 'word',
  async find(name, seconds) {
    const service = serviceNamed();
    if (service !== null) return findInEngine(service, name, seconds);
    const { scope, own } = splitScope(name);
    return inEachStore((store) => {
      if (scope !== null && store.user?.name !== scope) return [];
      return containersIn(store)
        .filter(({ id, names }) => isMeant(own, id, names))
        .map((one) => foundIn(store, one));
    });
  },
  async list(seconds) {
    const service = serviceNamed();
    if (service !== null) return listEngine(service, seconds);
    const found = inEachStore((store) => containersIn(store).map((one) => foundIn(store, one)));
    return found.map(({ name, state }) => ({ name, isRunning: state === 'running' }));
  },
  running: { command: ['podman', 'ps', '--format', '{{.Names}}'], address: 'CONTAINER_HOST' },
  start: (name) => {
    const { scope, own } = splitScope(name);
    return scope === null ? `podman start ${own}` : `sudo -u ${scope} podman start ${own}`;
  },
} as const satisfies Runtime;

/** What a user's files have, or have not, is no reason that others' containers are not found. */
function inEachStore<T>(look: (store: PodmanStore) => T[]): T[] {
  return podmanStores().flatMap((store) => {
    try {
      return look(store);
    } catch (error) {
      if (store.user === null) throw error;
      return [];
    }
  });
}

/** @throws StateError when CONTAINER_HOST leads to another machine */
function serviceNamed(): Engine | null {
  const address = variable('CONTAINER_HOST');
  if (!address) return null;
  const socket = socketPath(address);
  if (socket === null) throw elsewhere('podman', 'CONTAINER_HOST', address);
  return { word: 'podman', socket };
}

interface Stored extends StoredContainer {
  /** Where this container's files of the moment are. */
  readonly userdata: string;
}

/** The storage drivers (containers-storage.conf(5)); a store has a list for each that was ever used. */
const LISTS = ['overlay', 'vfs', 'btrfs', 'zfs', 'aufs', 'devmapper'].map((driver) => `${driver}-containers`);

function containersIn({ user, graphRoot, runRoot }: PodmanStore): Stored[] {
  const limit = user === null ? undefined : USER_FILE_BYTES;
  return LISTS.flatMap((lists) =>
    ['containers.json', 'volatile-containers.json']
      .flatMap((file) => storedContainers(readStateJson(`${graphRoot}/${lists}/${file}`, limit)))
      .map((one) => ({ ...one, userdata: `${runRoot}/${lists}/${one.id}/userdata` })),
  );
}

/** @param list of containers/storage; what has another form is left out */
export function storedContainers(list: unknown): StoredContainer[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: { id?: unknown; names?: unknown } | null) =>
    typeof one?.id === 'string' && /^[\da-f]+$/.test(one.id)
      ? [{ id: one.id, names: Array.isArray(one.names) ? one.names.filter(isName) : [] }]
      : [],
  );
}

/** Podman's own rule for names. */
function isName(name: unknown): name is string {
  return typeof name === 'string' && /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/.test(name);
}

function foundIn({ user, ociRoots }: PodmanStore, { id, names, userdata }: Stored): Found {
  const own = names[0] ?? id;
  const known = {
    id,
    name: user === null ? own : `${user.name}/${own}`,
    isForeign: user !== null && user.uid !== callingUid(),
  };
  const pid = processOf(ociRoots, id, userdata);
  if (pid !== null && (user === null || isOf(usersLentTo(user), pid))) return { ...known, state: 'running', pid };
  const status = isThere(`${userdata}/pidfile`) ? 'exited' : 'created';
  return { ...known, state: 'stopped', status, isStarting: status === 'created' };
}

function processOf(ociRoots: readonly string[], id: string, userdata: string): number | null {
  for (const root of ociRoots) {
    const state = ociState(`${root}/${id}`);
    if (state !== null) return 'pid' in state ? state.pid : null;
  }
  // An OCI runtime of another kind: what conmon wrote, if the process is still its child.
  const pid = Number(readStateFile(`${userdata}/pidfile`) ?? 0);
  const stat = pid > 0 ? processStat(pid) : null;
  return stat !== null && commandLineOf(stat.ppid).includes(id) ? pid : null;
}

/**
 * A user writes his own files: a process he names must be in a user namespace of his, or his
 * container would stand for anybody's.
 */
function isOf(lent: ReturnType<typeof usersLentTo>, pid: number): boolean {
  const mapped = mappedUsers(pid);
  const isLent = ({ first, count }: { first: number; count: number }) =>
    lent.some((range) => range.first <= first && first + count <= range.first + range.count);
  // One user alone is mapped only by himself, also where it is not in /etc/subuid who lends what.
  const [only, another] = mapped;
  const isAlone = another === undefined && only?.count === 1 && only.first === lent[0]?.first;
  return isAlone || (mapped.length > 0 && mapped.every(isLent));
}
