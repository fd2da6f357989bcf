/** Containers behind the Docker Engine's API (GET /containers/{id}/json), which Podman speaks as well. */
import { StateError } from '../errors.ts';
import { get, SocketError } from '../host/unix-http.ts';
import { severalIds, unreachable } from './asking.ts';
import { type Found, ID_LETTERS, isMeant, isPidLike, type Listed } from './runtime.ts';

export interface Engine {
  readonly word: string;
  /** Path of its unix socket. */
  readonly socket: string;
}

/** States that another one follows at once, or soon. */
const STARTING = ['created', 'restarting', 'initialized'];

/** @throws StateError when the engine does not answer, PermissionError when it may not be asked */
export async function findInEngine(engine: Engine, name: string, seconds: number): Promise<Found[]> {
  const body = await ask(engine, `/containers/${encodeURIComponent(name)}/json`, seconds);
  const found = body === null ? null : foundOf(body);
  // The engine takes one letter for the beginning of an ID.
  return found !== null && isMeant(name, found.id ?? '', [found.name]) ? [found] : [];
}

/** @throws as `findInEngine` */
export async function listEngine(engine: Engine, seconds: number): Promise<Listed[]> {
  const list = await ask(engine, '/containers/json?all=1', seconds);
  return Array.isArray(list) ? list.flatMap(listedOf) : [];
}

/** @param body of GET /containers/{id}/json */
export function foundOf(body: object): Found {
  const { Id, Name, State } = body as { Id?: string; Name?: string; State?: { Pid?: number; Status?: string } };
  if (typeof Id !== 'string' || typeof Name !== 'string') throw new TypeError('a container without ID or name');
  const known = { name: Name.replace(/^\//, ''), id: Id };
  if (State?.Pid) return { ...known, state: 'running', pid: State.Pid };
  const status = String(State?.Status ?? 'not running');
  return { ...known, state: 'stopped', status, isStarting: STARTING.includes(status) };
}

/** @param one of GET /containers/json; a name with a second "/" is another container's for this one */
function listedOf(one: { Names?: string[]; State?: string }): Listed[] {
  const names = (one.Names ?? []).map((name) => name.replace(/^\//, ''));
  const name = names.find((own) => !own.includes('/'));
  return name === undefined ? [] : [{ name, isRunning: one.State === 'running' || one.State === 'paused' }];
}

async function ask({ word, socket }: Engine, path: string, seconds: number): Promise<object | null> {
  try {
    const { status, body } = await get(socket, path, seconds);
    if (status === 200 && typeof body === 'object' && body !== null) return body;
    if (status === 200) throw new TypeError('no JSON');
    if (status === 404) return null;
    const { message, cause } = (body ?? {}) as { message?: unknown; cause?: unknown };
    const why = [message, cause].find((one): one is string => typeof one === 'string') ?? `status ${status}`;
    if (/multiple IDs found|more than one result/i.test(why)) {
      // Digits that begin several IDs are a PID, and a few letters no ID.
      const word = decodeURIComponent(path.split('/')[2] ?? '');
      if (isPidLike(word) || word.length < ID_LETTERS) return null;
      throw severalIds(word, why);
    }
    throw new StateError('runtime', `${word}: the engine at ${socket} refused: ${why}`);
  } catch (error) {
    if (error instanceof SocketError) throw unreachable(word, 'the engine', error, `systemctl status ${word}`);
    throw error;
  }
}
