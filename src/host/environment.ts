/**
 * What child processes see: the system's directories before the caller's, which may be anybody's
 * under sudo -E; the C locale; nothing else of the caller's environment.
 */
import { statSync } from 'node:fs';
import { variable } from './variables.ts';

/** Where ip, nsenter and iptables live; the caller's own PATH is for systems that lay them elsewhere. */
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

export function childEnvironment(): NodeJS.ProcessEnv {
  return { PATH: systemPath(), LC_ALL: 'C' };
}

/** The file that a child would run by that name; null when there is none. */
export function findInSystem(program: string): string | null {
  const paths = systemPath()
    .split(':')
    .map((directory) => `${directory}/${program}`);
  return paths.find(isFile) ?? null;
}

/** Not there, or not for this user to see, is the same. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function systemPath(): string {
  const path = variable('PATH');
  return path ? `${SYSTEM_PATH}:${path}` : SYSTEM_PATH;
}
