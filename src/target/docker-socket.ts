/** Where Docker's engine listens: DOCKER_HOST, else the context in use, else the usual place. */
import { createHash } from 'node:crypto';
import { StateError } from '../errors.ts';
import { isThere, readStateJson } from '../host/state-file.ts';
import { homeDirectory, variable } from '../host/variables.ts';
import { elsewhere, socketPath } from './asking.ts';

const DEFAULT_SOCKET = '/var/run/docker.sock';

/**
 * In the order of Docker's own client: DOCKER_HOST, DOCKER_CONTEXT, `currentContext` of its
 * config.json.
 *
 * @returns null when there is no engine on this machine
 * @throws StateError when what is set leads to another machine
 */
export function dockerSocket(): string | null {
  const host = variable('DOCKER_HOST');
  if (host) return local('DOCKER_HOST', host);
  const directory = variable('DOCKER_CONFIG') ?? `${homeDirectory()}/.docker`;
  const context = variable('DOCKER_CONTEXT') ?? currentContext(directory);
  if (context && context !== 'default') {
    const address = contextAddress(directory, context);
    // Docker refuses as well: another engine's container of the same name is not meant.
    if (address === null)
      throw new StateError('runtime', `docker: its context ${context} is not there`, 'docker context ls');
    return local(`its context ${context}`, address);
  }
  return isThere(DEFAULT_SOCKET) ? DEFAULT_SOCKET : null;
}

function local(setting: string, address: string): string {
  const path = socketPath(address);
  if (path === null) throw elsewhere('docker', setting, address);
  return path;
}

function currentContext(directory: string): string | null {
  const config = readOwn(`${directory}/config.json`) as { currentContext?: unknown } | null;
  return typeof config?.currentContext === 'string' ? config.currentContext : null;
}

/** What this user may not read is not his: HOME may still be another one's behind su(1). */
function readOwn(path: string): unknown {
  try {
    return readStateJson(path);
  } catch {
    return null;
  }
}

/** A context is kept in a directory named by the SHA-256 of its name. */
function contextAddress(directory: string, context: string): string | null {
  const hash = createHash('sha256').update(context).digest('hex');
  const meta = readOwn(`${directory}/contexts/meta/${hash}/meta.json`) as {
    Endpoints?: { docker?: { Host?: unknown } };
  } | null;
  const host = meta?.Endpoints?.docker?.Host;
  return typeof host === 'string' ? host : null;
}
