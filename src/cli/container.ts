/** The CONTAINER word: `[RUNTIME:]NAME`, a PID, or a path to a network namespace. */
import { UsageError } from '../errors.ts';
import type { ContainerRequest, Runtime } from '../request.ts';

const RUNTIMES: readonly Runtime[] = ['docker', 'pid', 'netns'];

/** The host itself, as a container. */
const HOST = 'host';

/**
 * Parses CONTAINER.
 *
 * @throws UsageError for an unknown runtime, an empty name, one with control characters, or a PID
 *   that is not a positive number
 */
export function parseContainer(word: string): ContainerRequest {
  const refuse = (why: string, hint?: string) => new UsageError(`container ${JSON.stringify(word)}: ${why}`, hint);
  if (/[^\P{C}]/u.test(word)) throw refuse('control characters are not allowed');
  if (word === HOST) return { runtime: HOST, name: HOST };
  if (word.startsWith('/')) return { runtime: 'netns', name: word };
  const colon = word.indexOf(':');
  if (colon === -1) return { runtime: null, name: checkName(word, refuse) };
  const runtime = RUNTIMES.find((known) => known === word.slice(0, colon));
  if (!runtime)
    throw refuse(`unknown runtime ${JSON.stringify(word.slice(0, colon))}; this release knows ${RUNTIMES.join(', ')}`);
  const name = word.slice(colon + 1);
  if (runtime === 'pid' && !/^[1-9]\d{0,9}$/.test(name)) throw refuse('a PID is a positive number');
  if (runtime === 'netns' && name.startsWith('/')) return { runtime, name };
  return { runtime, name: checkName(name, refuse) };
}

function checkName(name: string, refuse: (why: string) => UsageError): string {
  if (name === '') throw refuse('a name is missing');
  if (name.startsWith('-')) throw refuse('a name cannot begin with "-"');
  if (name === '.' || name === '..' || /[\s/]/.test(name))
    throw refuse('white space and "/" are not allowed in a name');
  return name;
}
