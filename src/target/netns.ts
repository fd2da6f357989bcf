/** Network namespaces that have a name (ip-netns(8)) or a path. */
import { NETNS_DIRECTORY, netnsNames } from '../host/namespaces.ts';
import { isThere } from '../host/state-file.ts';
import type { Found, Runtime } from './runtime.ts';

export const netns = {
  word: 'netns',
  about: 'name in ip netns, or a path, which needs no netns:',
  scope: 'path',
  async find(name): Promise<Found[]> {
    const path = name.startsWith('/') ? name : `${NETNS_DIRECTORY}/${name}`;
    return isThere(path) ? [{ state: 'namespace', name, id: null, path }] : [];
  },
  async list() {
    // A name that could not be typed is given as a path.
    return netnsNames().map((name) => ({
      name: /^[^\s-]\S*$/.test(name) ? name : `${NETNS_DIRECTORY}/${name}`,
      isRunning: true,
    }));
  },
  running: { files: [`${NETNS_DIRECTORY}/*`] },
} as const satisfies Runtime;
