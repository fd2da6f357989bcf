/** From a container's name to the one runtime that knows it. */
import { nearest } from '../cli/nearest.ts';
import { ContainerError, type NetwireError, PermissionError } from '../errors.ts';
import { netnsInodeOf } from '../host/netns.ts';
import type { ContainerRequest } from '../request.ts';
import { explainAsking, hasNone } from './asking.ts';
import { inodeAt } from './inode.ts';
import { type Found, isPidLike, type Runtime } from './runtime.ts';
import { type IndexedRuntime, PATH_RUNTIME, PROCESS_RUNTIME, RUNTIMES } from './runtimes.ts';

/** Where those are told that there are. */
export const LISTED = 'netwire show';

/** What a runtime knows, and which one it is. */
export interface Match {
  readonly runtime: IndexedRuntime;
  readonly found: Found;
}

export function canonicalName({ runtime, found }: Match): string {
  return `${runtime.word}:${found.name}`;
}

/**
 * Asks the runtime that is named, or all of them at once. What costs more is asked when they do not
 * know the name.
 *
 * @param seconds how long an answer may take
 * @throws ContainerError when nobody knows it, or several do; StateError and PermissionError when a
 *   runtime cannot be asked
 */
export async function lookUp({ runtime, name }: ContainerRequest, seconds: number): Promise<Match> {
  const asked = RUNTIMES.filter(({ word }) => runtime === null || word === runtime);
  const quick = await askAll(asked, (one) => one.find(name, seconds));
  // One that did not answer may know it: it is not waited for twice.
  const blocked = quick.errors.some((error) => !hasNone(error) && !(error instanceof PermissionError));
  const isSettled = isPidLike(name) || quick.matches.some(({ found }) => found.id === name);
  const slowly = asked.filter((one) => quick.matches.length === 0 || (!isSettled && one.hidesRunning?.()));
  const slow = blocked ? NOBODY : await askAll(slowly, async (one) => one.search?.(name, seconds) ?? []);
  const errors = [...quick.errors, ...slow.errors];
  const matches = meant(name, [...quick.matches, ...slow.matches]);
  const silent = errors.find((error) => !hasNone(error) && !(error instanceof PermissionError));
  const [match, ...others] = matches;
  if (silent !== undefined) throw runtime === null ? hinted(silent, match) : silent;
  if (match === undefined) throw await unknown(name, runtime, asked, errors, seconds);
  if (others.length > 0)
    throw new ContainerError(
      'ambiguous',
      `container ${name}: there are several: ${matches.map(canonicalName).join(', ')}`,
      canonicalName(match),
    );
  if (match.found.isForeign && match.found.name !== name)
    throw new ContainerError(
      'other-user',
      `container ${name}: only another user has one of that name: say whose`,
      canonicalName(match),
    );
  return match;
}

interface Answers {
  readonly matches: readonly Match[];
  readonly errors: readonly NetwireError[];
}

const NOBODY: Answers = { matches: [], errors: [] };

async function askAll(
  runtimes: readonly IndexedRuntime[],
  ask: (runtime: Runtime) => Promise<Found[]>,
): Promise<Answers> {
  const matches: Match[] = [];
  const errors: NetwireError[] = [];
  const answers = runtimes.map(async (runtime) => {
    try {
      return (await ask(runtime)).map((found) => ({ runtime, found: checked(found) }));
    } catch (error) {
      errors.push(explainAsking(runtime.word, error));
      return [];
    }
  });
  for (const found of await Promise.all(answers)) matches.push(...found);
  return { matches, errors };
}

/** Answers are other programs': a PID that is no number would be taken for a path. */
function checked(found: Found): Found {
  if (found.state === 'running' && !(Number.isSafeInteger(found.pid) && found.pid > 0))
    throw new TypeError(`a PID that is none: ${found.pid}`);
  return found;
}

/**
 * Those of the matches that are different containers: a whole name before the beginning of an ID,
 * anything before a mere PID, the caller's own before another user's, and once what several
 * runtimes know.
 */
function meant(name: string, matches: readonly Match[]): Match[] {
  const preferences: ((match: Match) => boolean)[] = [
    ({ runtime }) => runtime.word !== PROCESS_RUNTIME,
    ({ found }) => found.id === name || found.name === name || found.name.endsWith(`/${name}`),
    ({ found }) => !found.isForeign,
  ];
  const preferred = preferences.reduce((left, isBetter) => {
    const better = left.filter(isBetter);
    return better.length > 0 ? better : left;
  }, matches);
  const different: Match[] = [];
  for (const match of preferred)
    if (!different.some((known) => isSame(known.found, match.found))) different.push(match);
  return different;
}

/** Long enough that nobody chose it: the same one is the same container, whoever tells of it. */
const UNIQUE_ID = /^[\da-f]{32,}$/;

function isSame(one: Found, other: Found): boolean {
  if (one.id !== null && one.id === other.id && UNIQUE_ID.test(one.id)) return true;
  const place = placeOf(one);
  return place !== null && place === placeOf(other);
}

/** The namespace's inode; null when there is none to be seen. */
function placeOf(found: Found): number | null {
  if (found.state === 'stopped') return null;
  return found.state === 'running' ? netnsInodeOf(found.pid) : inodeAt(found.path);
}

/** A runtime that does not answer is no reason to be lost: the one that does can be named. */
function hinted(silent: NetwireError, match: Match | undefined): NetwireError {
  return match === undefined ? silent : Object.assign(silent, { hint: canonicalName(match) });
}

async function unknown(
  name: string,
  runtime: ContainerRequest['runtime'],
  asked: readonly Runtime[],
  errors: readonly NetwireError[],
  seconds: number,
): Promise<NetwireError> {
  if (name.startsWith('/') && runtime === PATH_RUNTIME)
    return new ContainerError('no-such-container', `namespace ${name}: no such file`, LISTED);
  const lists = await Promise.all(asked.map((one) => one.list(seconds).catch(() => [])));
  const names = lists.flat().flatMap((one) => [one.name, one.name.slice(one.name.lastIndexOf('/') + 1)]);
  const near = nearest(name, names);
  const [error] = errors;
  if (near === null && error !== undefined) return error;
  const where = runtime === null ? '' : ` (asked: ${runtime})`;
  return new ContainerError(
    'no-such-container',
    `container ${name}: no such container${where}`,
    near === null ? LISTED : `did you mean ${near}?`,
  );
}
