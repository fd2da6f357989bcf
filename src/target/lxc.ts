/**
 * Containers of LXC, below any path. Whether there is one is seen from its directory; its process is
 * asked of lxc-info(1), which alone speaks its monitor's private protocol.
 */
import { basename } from 'node:path';
import { StateError } from '../errors.ts';
import { runCommand } from '../host/process.ts';
import { commandLineOf, processStat } from '../host/process-stat.ts';
import { isRootsAlone, isThere, namesIn, ownerOf, readStateFile } from '../host/state-file.ts';
import { callingUid, userByUid } from '../host/users.ts';
import { homeDirectory, variable } from '../host/variables.ts';
import { type Found, type Runtime, splitScope } from './runtime.ts';

const DEFAULT_PATH = '/var/lib/lxc';

export const lxc = {
  word: 'lxc',
  about: "name; lxc:/PATH/NAME for one that is not below LXC's usual path",
  scope: 'path',
  async find(name, seconds) {
    const { scope, own } = splitScope(name);
    const candidates = scope === null ? [...paths(), ...pathsOfRunning(own)] : [scope];
    const known = [...new Set(candidates)].filter((path) => isThere(`${path}/${own}/config`));
    return Promise.all(known.map((path) => ask(path, own, seconds)));
  },
  async list() {
    const running = monitors();
    const known = paths().flatMap((path) =>
      namesIn(path)
        .filter((name) => isThere(`${path}/${name}/config`))
        .map((name) => ({ path, name })),
    );
    const elsewhere = running.filter(({ path, name }) => !paths().includes(path) && isOurs(path, name));
    return [...known, ...elsewhere].map(({ path, name }) => ({
      name: nameOf(path, name),
      isRunning: running.some((one) => one.path === path && one.name === name),
    }));
  },
  running: { sockets: [`@${DEFAULT_PATH}/*/command`] },
  start: (name) => {
    const { scope, own } = splitScope(name);
    const path = scope ?? variable('NETWIRE_LXCPATH');
    return path ? `lxc-start -P ${path} -n ${own}` : `lxc-start -n ${own}`;
  },
} as const satisfies Runtime;

/** NETWIRE_LXCPATH (several by colons); else lxc.conf(5)'s, and the caller's own. */
function paths(): string[] {
  const given = variable('NETWIRE_LXCPATH');
  if (given) return given.split(':').filter((path) => path.startsWith('/'));
  const system = lxcPath(readStateFile('/etc/lxc/lxc.conf') ?? '') ?? DEFAULT_PATH;
  const uid = callingUid();
  if (uid === 0) return [system];
  const home = userByUid(uid)?.home ?? homeDirectory();
  return [system, lxcPath(readStateFile(`${home}/.config/lxc/lxc.conf`) ?? '') ?? `${home}/.local/share/lxc`];
}

/** @param text of lxc.conf(5) */
export function lxcPath(text: string): string | null {
  return /^\s*lxc\.lxcpath\s*=\s*(\/\S*)/m.exec(text)?.[1] ?? null;
}

interface Monitor {
  readonly path: string;
  readonly name: string;
}

function pathsOfRunning(name: string): string[] {
  return monitors().flatMap((one) => (one.name === name && isOurs(one.path, name) ? [one.path] : []));
}

/** Anybody can have a socket of any name: only what nobody but root can have put there is believed. */
function isOurs(path: string, name: string): boolean {
  return isRootsAlone(`${path}/${name}/config`);
}

function monitors(): Monitor[] {
  return parseMonitors(readStateFile('/proc/net/unix') ?? '');
}

/** @param text of /proc/net/unix: each container's monitor listens at `@PATH/NAME/command` */
export function parseMonitors(text: string): Monitor[] {
  const names = [...text.matchAll(/ @(\/\S*)\/([^/\s]+)\/command$/gm)];
  const unique = new Map(names.map(([word, path = '', name = '']) => [word, { path, name }]));
  return [...unique.values()];
}

async function ask(path: string, name: string, seconds: number): Promise<Found> {
  const { ok, stdout, why } = await runCommand(['lxc-info', '-P', path, '-n', name, '-s', '-p'], seconds);
  if (!ok) throw new StateError('runtime', `lxc: lxc-info of ${path}/${name}: ${why}`);
  const { state, pid } = parseInfo(stdout);
  const known = { name: nameOf(path, name), id: null };
  if (pid !== null && isMonitored(pid, path, name)) return { ...known, state: 'running', pid };
  return { ...known, state: 'stopped', status: state.toLowerCase(), isStarting: state === 'STARTING' };
}

/**
 * lxc-info believes whoever listens at the monitor's socket, which anybody may do while the container
 * does not run: its process must be the child of a monitor, and that be whose the container is.
 */
function isMonitored(pid: number, path: string, name: string): boolean {
  const monitor = processStat(pid)?.ppid ?? 0;
  return (
    isMonitorOf(commandLineOf(monitor), path, name) && ownerOf(`/proc/${monitor}`) === ownerOf(`${path}/${name}/config`)
  );
}

/** @param words a process's: the title that a monitor gives itself, or those of lxc-start in the foreground */
export function isMonitorOf(words: readonly string[], path: string, name: string): boolean {
  const [first = ''] = words;
  if (words.length === 1) return first.trim() === `[lxc monitor] ${path} ${name}`;
  if (basename(first) !== 'lxc-start') return false;
  const said = words.flatMap((word, i) => (word === '-n' || word === '--name' ? [words[i + 1]] : []));
  return said.includes(name) || words.includes(`--name=${name}`) || words.includes(`-n${name}`);
}

/** @param text `State: RUNNING` and, when there is a process, `PID: 123` */
export function parseInfo(text: string): { readonly state: string; readonly pid: number | null } {
  const pid = /^PID:\s+(\d+)$/m.exec(text)?.[1];
  return { state: /^State:\s+(\w+)$/m.exec(text)?.[1] ?? 'UNKNOWN', pid: pid === undefined ? null : Number(pid) };
}

/** By its path where it would not be found without. */
function nameOf(path: string, name: string): string {
  return paths()[0] === path ? name : `${path}/${name}`;
}
