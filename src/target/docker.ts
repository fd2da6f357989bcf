/** Containers of the Docker Engine, asked on its socket (Engine API, GET /containers/{id}/json). */
import { statSync } from 'node:fs';
import { ContainerError, type NetwireError, PermissionError, StateError } from '../errors.ts';
import { get, SocketError } from '../host/unix-http.ts';
import type { Found } from './found.ts';

/** Code of the error when there is no daemon behind the socket: it has no containers, then. */
export const DOCKER_OFF = 'docker-off';

const DEFAULT_SOCKET = '/var/run/docker.sock';

/** The socket DOCKER_HOST names, or the default one; null when there is none there. */
function socketPath(): string | null {
  const host = process.env.DOCKER_HOST;
  if (!host) return isThere(DEFAULT_SOCKET) ? DEFAULT_SOCKET : null;
  const url = /^unix:\/\/(\/.*)$/.exec(host)?.[1];
  if (url !== undefined) return url;
  throw new StateError(
    'docker-host',
    `docker: DOCKER_HOST is ${host}: only unix:// will do, a container elsewhere has no namespace on this machine`,
    `run netwire there, or unset DOCKER_HOST`,
  );
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Looks a container up by name, full or short ID.
 *
 * @param seconds how long the engine may take
 * @returns null when there is no engine, or it knows no such container
 * @throws StateError when the engine does not answer, PermissionError when it may not be asked
 */
export async function findDocker(name: string, seconds: number): Promise<Found | null> {
  // A few digits are a PID rather than the beginning of an ID.
  const isPid = /^\d{1,11}$/.test(name);
  try {
    const body = await ask(`/containers/${encodeURIComponent(name)}/json`, seconds);
    const found = body && foundOf(body);
    return isPid && found?.canonical !== `docker:${name}` ? null : found;
  } catch (error) {
    if (isPid && error instanceof ContainerError) return null;
    throw error;
  }
}

/** All running containers. */
export async function listDocker(seconds: number): Promise<Found[]> {
  const list = await ask('/containers/json', seconds);
  if (!Array.isArray(list)) return [];
  const found = await Promise.all(
    list.map(async (one: { Id?: unknown }) => {
      const body = await ask(`/containers/${one.Id}/json`, seconds);
      return body === null ? null : foundOf(body);
    }),
  );
  return found.filter((one) => one !== null);
}

/** The names of all containers, running or not; none where there is no engine. */
export async function dockerNames(seconds: number): Promise<string[]> {
  const list = await ask('/containers/json?all=1', seconds);
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: { Names?: string[] }) => (one.Names ?? []).map((name) => name.replace(/^\//, '')));
}

function foundOf(body: object): Found {
  const { Id, Name, State } = body as { Id?: string; Name?: string; State?: { Pid?: number; Status?: string } };
  const canonical = `docker:${(Name ?? Id ?? '').replace(/^\//, '')}`;
  if (State?.Pid) return { state: 'running', canonical, pid: State.Pid, id: Id ?? null };
  return { state: 'stopped', canonical, status: State?.Status ?? 'not running' };
}

async function ask(path: string, seconds: number): Promise<object | null> {
  const socket = socketPath();
  if (socket === null) return null;
  try {
    const { status, body } = await get(socket, path, seconds);
    if (status === 200 && typeof body === 'object') return body;
    if (status === 404) return null;
    const why = (body as { message?: string } | null)?.message ?? `status ${status}`;
    if (/Multiple IDs found/.test(why))
      throw new ContainerError('ambiguous', `docker: ${why}`, 'the whole ID, or the name');
    throw new StateError('docker', `docker: the engine at ${socket} refused: ${why}`);
  } catch (error) {
    if (error instanceof SocketError) throw unreachable(error);
    throw error;
  }
}

function unreachable(error: SocketError): NetwireError {
  const what = `docker: the engine at ${error.socket} does not answer: ${error.message}`;
  if (error.code === 'EACCES') return new PermissionError(what);
  const off = error.code === 'ECONNREFUSED' || error.code === 'ENOENT';
  return new StateError(off ? DOCKER_OFF : 'docker', what, 'systemctl status docker');
}
