/**
 * What child processes see: the system's directories before the caller's, which may be anybody's
 * under sudo -E; the C locale; nothing else of the caller's environment.
 */

/** Where ip, nsenter and iptables live; the caller's own PATH is for systems that lay them elsewhere. */
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

export function childEnvironment(): NodeJS.ProcessEnv {
  const path = process.env.PATH;
  return { PATH: path ? `${SYSTEM_PATH}:${path}` : SYSTEM_PATH, LC_ALL: 'C' };
}
