/** What child processes see: a sound PATH, the C locale, nothing else of the caller's environment. */

/** Where ip, nsenter and iptables live; a login shell of an ordinary user leaves these out. */
const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

export function childEnvironment(): NodeJS.ProcessEnv {
  const path = process.env.PATH;
  return { PATH: path ? `${path}:${SYSTEM_PATH}` : SYSTEM_PATH, LC_ALL: 'C' };
}
