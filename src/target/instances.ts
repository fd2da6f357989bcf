/** Instances behind LXD's REST API, which Incus speaks as well (GET /1.0/instances). */
import { PermissionError, StateError } from '../errors.ts';
import { isThere } from '../host/state-file.ts';
import { get, SocketError } from '../host/unix-http.ts';
import { unreachable } from './asking.ts';
import { type Found, type Runtime, splitScope } from './runtime.ts';

const DEFAULT_PROJECT = 'default';

/**
 * @param sockets where the daemon may listen; the first that is there is asked
 * @param command with which people start an instance
 */
export function instancesOf<Word extends string>(
  word: Word,
  sockets: () => readonly string[],
  command: string,
): Runtime & { readonly word: Word } {
  const ask = async (path: string, seconds: number): Promise<unknown> => {
    const socket = sockets().find(isThere);
    if (socket === undefined) return null;
    try {
      const { status, body } = await get(socket, path, seconds);
      if (status === 404) return null;
      if (status === 403) throw new PermissionError(`${word}: the daemon at ${socket} does not let this user ask`);
      const { metadata, error } = (body ?? {}) as { metadata?: unknown; error?: string };
      if (status !== 200)
        throw new StateError('runtime', `${word}: the daemon refused: ${error ?? `status ${status}`}`);
      return metadata;
    } catch (error) {
      if (error instanceof SocketError) throw unreachable(word, 'the daemon', error, `systemctl status ${word}`);
      throw error;
    }
  };
  const projectsWith = async (name: string, seconds: number) => {
    const all = instancePaths(await ask('/1.0/instances?all-projects=true', seconds));
    const projects = all.flatMap((one) => (one.name === name ? [one.project] : []));
    return projects.sort((a, b) => Number(b === DEFAULT_PROJECT) - Number(a === DEFAULT_PROJECT));
  };
  return {
    word,
    about: `name; ${word}:PROJECT/NAME where the project is not the default one`,
    scope: 'word',
    async find(name, seconds) {
      const { scope, own } = splitScope(name);
      const projects = scope === null ? await projectsWith(own, seconds) : [scope];
      const found = projects.map(async (project): Promise<Found[]> => {
        const path = `/1.0/instances/${encodeURIComponent(own)}/state?project=${encodeURIComponent(project)}`;
        const state = await ask(path, seconds);
        return state === null ? [] : [instanceFound(nameIn(project, own), state)];
      });
      return (await Promise.all(found)).flat();
    },
    async list(seconds) {
      const all = await ask('/1.0/instances?all-projects=true&recursion=1', seconds);
      if (!Array.isArray(all)) return [];
      return all.map(({ name, project, status }: { name: string; project?: string; status?: string }) => ({
        name: nameIn(project ?? DEFAULT_PROJECT, name),
        isRunning: status === 'Running' || status === 'Frozen',
      }));
    },
    start: (name) => {
      const { scope, own } = splitScope(name);
      return scope === null ? `${command} start ${own}` : `${command} start --project ${scope} ${own}`;
    },
  };
}

/** @param urls `/1.0/instances/c1?project=lab` each; the default project is not named */
export function instancePaths(urls: unknown): { readonly name: string; readonly project: string }[] {
  if (!Array.isArray(urls)) return [];
  return urls.flatMap((url) => {
    const { pathname, searchParams } = new URL(String(url), 'unix://localhost');
    const name = decodeURIComponent(pathname.split('/').at(-1) ?? '');
    return name === '' ? [] : [{ name, project: searchParams.get('project') ?? DEFAULT_PROJECT }];
  });
}

/** @param state of GET /1.0/instances/NAME/state */
function instanceFound(name: string, state: unknown): Found {
  const { pid, status } = state as { pid?: number; status?: string };
  if (pid !== undefined && pid > 0) return { name, id: null, state: 'running', pid };
  const word = (status ?? 'not running').toLowerCase();
  return { name, id: null, state: 'stopped', status: word, isStarting: word === 'starting' };
}

function nameIn(project: string, name: string): string {
  return project === DEFAULT_PROJECT ? name : `${project}/${name}`;
}
