/** Where Podman keeps its files (containers-storage.conf(5)): root's, and each user's. */
import { namesIn, ownerOf, readStateFile, USER_FILE_BYTES } from '../host/state-file.ts';
import { type User, userByUid } from '../host/users.ts';
import { homeDirectory } from '../host/variables.ts';

export interface PodmanStore {
  /** Null: the caller's own, or root's for root. */
  readonly user: User | null;
  /** What outlives a boot: the list of containers. */
  readonly graphRoot: string;
  /** What does not: files of running containers. */
  readonly runRoot: string;
  /** Where the OCI runtimes keep what they know. */
  readonly ociRoots: readonly string[];
}

const SYSTEM_FILES = ['/etc/containers/storage.conf', '/usr/share/containers/storage.conf'];
const OCI_RUNTIMES = ['crun', 'runc'];

/** The stores that there are; for root everybody's who has a runtime directory. */
export function podmanStores(): PodmanStore[] {
  const own = process.getuid?.() ?? 0;
  if (own !== 0) return runtimeDirectories(own).map((run) => userStore(null, homeDirectory(), run));
  const users = [...new Set([...namesIn('/run/user'), ...namesIn('/tmp').map(uidInTmp)])]
    .filter((word) => /^[1-9]\d*$/.test(word))
    .flatMap((word) => userByUid(Number(word)) ?? []);
  return [
    rootStore(),
    ...users.flatMap((user) => runtimeDirectories(user.uid).flatMap((run) => readableStore(user, run))),
  ];
}

function rootStore(): PodmanStore {
  const settings = storageSettings(SYSTEM_FILES.map((path) => readStateFile(path)).find((text) => text !== null) ?? '');
  return {
    user: null,
    graphRoot: settings.graphroot ?? '/var/lib/containers/storage',
    runRoot: settings.runroot ?? '/run/containers/storage',
    ociRoots: OCI_RUNTIMES.map((name) => `/run/${name}`),
  };
}

/** None when the user's settings cannot be read: a home that is not there, or not for root. */
function readableStore(user: User, run: RuntimeDirectory): PodmanStore[] {
  try {
    return [userStore(user, user.home, run)];
  } catch {
    return [];
  }
}

function userStore(user: User | null, home: string, run: RuntimeDirectory): PodmanStore {
  const settings = storageSettings(readStateFile(`${home}/.config/containers/storage.conf`, USER_FILE_BYTES) ?? '');
  return {
    user,
    graphRoot: settings.graphroot ?? `${home}/.local/share/containers/storage`,
    runRoot: settings.runroot ?? run.containers,
    ociRoots: OCI_RUNTIMES.map((name) => `${run.podman}/${name}`),
  };
}

interface RuntimeDirectory {
  readonly podman: string;
  readonly containers: string;
}

/** systemd-logind's directory of a user, and those that Podman makes where there is none. */
function runtimeDirectories(uid: number): RuntimeDirectory[] {
  return [
    { podman: `/run/user/${uid}`, containers: `/run/user/${uid}/containers` },
    { podman: `/tmp/podman-run-${uid}`, containers: `/tmp/containers-user-${uid}/containers` },
  ].filter(({ podman }) => ownerOf(podman) === uid);
}

function uidInTmp(name: string): string {
  return /^podman-run-(\d+)$/.exec(name)?.[1] ?? '';
}

/** @param text TOML, of which only the two paths are looked for */
export function storageSettings(text: string): { readonly graphroot?: string; readonly runroot?: string } {
  return Object.fromEntries(
    [...text.matchAll(/^\s*(graphroot|runroot)\s*=\s*["'](\/[^"']*)["']/gm)].map(([, key, path]) => [key, path]),
  );
}
