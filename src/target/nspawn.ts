/**
 * Machines of systemd-nspawn(1): what systemd-machined(8) wrote of them, or without it the process
 * systemd-nspawn itself. Virtual machines that machined knows are none of ours.
 */
import { basename } from 'node:path';
import { processIds } from '../host/namespaces.ts';
import { commandLineOf, pidNamespaceOf, processStat } from '../host/process-stat.ts';
import { isThere, namesIn, ownerOf, readStateFile } from '../host/state-file.ts';
import type { Found, Runtime } from './runtime.ts';

const REGISTERED = '/run/systemd/machines';
/** Directories that systemd-nspawn makes for each machine while it runs. */
const RUNNING = ['/run/systemd/nspawn/propagate', '/run/systemd/nspawn/unix-export'];
const IMAGES = '/var/lib/machines';

export const nspawn = {
  word: 'nspawn',
  about: "name of a machine of systemd-nspawn's",
  scope: null,
  async find(name): Promise<Found[]> {
    const known = { name, id: null };
    const pid = leaderOf(name);
    if (pid !== null) return [{ ...known, state: 'running', pid }];
    if (![name, `${name}.raw`].some((image) => isThere(`${IMAGES}/${image}`))) return [];
    return [{ ...known, state: 'stopped', status: 'stopped', isStarting: false }];
  },
  async list() {
    const images = namesIn(IMAGES).map((image) => image.replace(/\.raw$/, ''));
    // systemd's links by unit, "unit:machine-web.scope", are no names.
    const machines = [...namesIn(REGISTERED).filter((one) => !one.includes(':')), ...RUNNING.flatMap(namesIn)];
    const running = [...new Set(machines)].filter((name) => leaderOf(name) !== null);
    return [...new Set([...running, ...images])]
      .filter((name) => !name.startsWith('.'))
      .map((name) => ({ name, isRunning: running.includes(name) }));
  },
  running: { files: [REGISTERED, ...RUNNING].map((directory) => `${directory}/*`) },
  start: (name) => `machinectl start ${name}`,
} as const satisfies Runtime;

/** The process that is PID 1 inside. */
function leaderOf(name: string): number | null {
  const registered = machineLeader(readStateFile(`${REGISTERED}/${name}`) ?? '');
  if (registered !== null) return processStat(registered) === null ? null : registered;
  if (!RUNNING.some((directory) => isThere(`${directory}/${name}`))) return null;
  const parents = processIds().filter((pid) => isNspawn(pid) && machineName(commandLineOf(pid)) === name);
  // Of two by one name neither can be told from the other.
  const [parent, another] = parents;
  if (parent === undefined || another !== undefined) return null;
  const [child] = (readStateFile(`/proc/${parent}/task/${parent}/children`) ?? '').split(' ');
  return child ? Number(child) : null;
}

/** Anybody can call his process so: it must be root's, and live where netwire does, not in a container. */
function isNspawn(pid: number): boolean {
  const isNamed = processStat(pid)?.comm === 'systemd-nspawn';
  return isNamed && ownerOf(`/proc/${pid}`) === 0 && pidNamespaceOf(pid) === pidNamespaceOf('self');
}

/** @param text machined's file of a machine, a variable a line */
export function machineLeader(text: string): number | null {
  if (/^CLASS=(?!container)/m.test(text)) return null;
  const leader = /^LEADER=(\d+)$/m.exec(text)?.[1];
  return leader === undefined ? null : Number(leader);
}

/** getopt(3)'s words of systemd-nspawn: short options with a value, long ones without. */
const SHORT_WITH_VALUE = 'DuLMSZipE';
const LONG_WITHOUT_VALUE = new Set(
  (
    'help version private-network quiet boot as-pid2 keep-unit network-veth read-only share-system ephemeral ' +
    'no-pager pipe private-users-chown private-users volatile'
  ).split(' '),
);

/**
 * The name that a systemd-nspawn gives its machine. Its options end with the first word that is none.
 *
 * @param words of its command line
 */
export function machineName(words: readonly string[]): string | null {
  const values = new Map<string, string>();
  for (let i = 1; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!word.startsWith('-') || word === '-' || word === '--') break;
    if (word.startsWith('--')) {
      const [key = '', value] = splitOnce(word.slice(2), '=');
      if (value !== null) values.set(key, value);
      else if (!LONG_WITHOUT_VALUE.has(key)) values.set(key, words[++i] ?? '');
      continue;
    }
    const at = [...word].findIndex((letter, place) => place > 0 && SHORT_WITH_VALUE.includes(letter));
    if (at === -1) continue;
    values.set(word[at] ?? '', word.length > at + 1 ? word.slice(at + 1) : (words[++i] ?? ''));
  }
  const directory = values.get('D') ?? values.get('directory');
  const named = values.get('M') ?? values.get('machine');
  if (named !== undefined) return named;
  return directory === undefined ? imageName(values.get('i') ?? values.get('image')) : basename(directory);
}

function splitOnce(text: string, by: string): [string, string | null] {
  const at = text.indexOf(by);
  return at === -1 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
}

function imageName(image: string | undefined): string | null {
  return image === undefined ? null : basename(image).replace(/\.raw$/, '');
}
