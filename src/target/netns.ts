/** Network namespaces that have a name (ip-netns(8)) or a path. */
import { statSync } from 'node:fs';
import { NETNS_DIRECTORY } from '../host/namespaces.ts';
import type { ContainerRequest } from '../request.ts';

/** The path of a name in `ip netns`, or of a path itself; null when nothing is there. */
export function netnsPath(name: ContainerRequest['name']): string | null {
  const path = name.startsWith('/') ? name : `${NETNS_DIRECTORY}/${name}`;
  return inodeAt(path) === null ? null : path;
}

/** The inode of a named namespace; null when it is none (any more). */
export function netnsInode(name: string): number | null {
  return inodeAt(`${NETNS_DIRECTORY}/${name}`);
}

/** Null when the path leads nowhere, for whatever reason: too long, a loop of links, no directory. */
function inodeAt(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch {
    return null;
  }
}
