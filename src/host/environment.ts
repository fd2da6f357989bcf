/**
 * What child processes see: the system's directories before the caller's, which may be anybody's
 * under sudo -E; the C locale; nothing else of the caller's environment.
 */
import { statSync } from 'node:fs';

/** Where ip, nsenter and iptables live; the caller's own PATH is for systems that lay them elsewhere. */
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

export function childEnvironment(): NodeJS.ProcessEnv {
  return { PATH: systemPath(), LC_ALL: 'C' };
}

/** Where a program of the system is, for a child that keeps the caller's environment; the name itself when it is not found. */
export function findInSystem(program: string): string {
  const paths = systemPath()
    .split(':')
    .map((directory) => `${directory}/${program}`);
  return paths.find((path) => statSync(path, { throwIfNoEntry: false })) ?? program;
}

function systemPath(): string {
  const path = process.env.PATH;
  return path ? `${SYSTEM_PATH}:${path}` : SYSTEM_PATH;
}
