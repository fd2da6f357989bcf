/** Containers of the Docker Engine, asked on its socket. */
import { dockerSocket } from './docker-socket.ts';
import { type Engine, findInEngine, listEngine } from './engine.ts';
import type { Runtime } from './runtime.ts';

function engine(): Engine | null {
  const socket = dockerSocket();
  return socket === null ? null : { word: 'docker', socket };
}

export const docker = {
  word: 'docker',
  about: 'name, ID or its beginning',
  scope: null,
  async find(name, seconds) {
    const one = engine();
    return one === null ? [] : findInEngine(one, name, seconds);
  },
  async list(seconds) {
    const one = engine();
    return one === null ? [] : listEngine(one, seconds);
  },
  running: { command: ['docker', 'ps', '--format', '{{.Names}}'], address: 'DOCKER_HOST' },
  start: (name) => `docker start ${name}`,
} as const satisfies Runtime;
