/** The CONTAINER word: `[RUNTIME:]NAME`, a PID, or a path to a network namespace. */
import { UsageError } from '../errors.ts';
import type { ContainerRequest } from '../request.ts';
import type { Runtime } from '../target/runtime.ts';
import { PATH_RUNTIME, RUNTIMES } from '../target/runtimes.ts';
import { nearest } from './nearest.ts';

/** The host itself, as a container. */
export const HOST = 'host';

/**
 * Parses CONTAINER.
 *
 * @throws UsageError for an unknown runtime, an empty name, one with control characters, or one
 *   that its runtime cannot have given
 */
export function parseContainer(word: string): ContainerRequest {
  const refuse = (why: string, hint = 'netwire help containers') =>
    new UsageError(`container ${JSON.stringify(word)}: ${why}`, hint);
  if (/[^\P{C}]/u.test(word)) throw refuse('control characters are not allowed');
  if (word === HOST) return { runtime: HOST, name: HOST };
  if (word.startsWith('/')) return { runtime: PATH_RUNTIME, name: word };
  const colon = word.indexOf(':');
  if (colon === -1) return { runtime: null, name: checkName(word, null, refuse) };
  const runtime = RUNTIMES.find((known) => known.word === word.slice(0, colon));
  if (!runtime) {
    const known = RUNTIMES.map((one) => one.word);
    const near = nearest(word.slice(0, colon), known);
    throw refuse(
      `unknown runtime ${JSON.stringify(word.slice(0, colon))}; the runtimes are ${known.join(', ')}`,
      near === null ? 'netwire help containers' : `did you mean ${near}${word.slice(colon)}?`,
    );
  }
  const name = word.slice(colon + 1);
  const why = runtime.refuses?.(name) ?? null;
  if (why !== null) throw refuse(why);
  return { runtime: runtime.word, name: checkName(name, runtime.scope, refuse) };
}

function checkName(name: string, scope: Runtime['scope'], refuse: (why: string) => UsageError): string {
  if (name === '') throw refuse('a name is missing');
  if (name.startsWith('-')) throw refuse('a name cannot begin with "-"');
  if (/\s/.test(name)) throw refuse('white space is not allowed in a name');
  // It becomes part of paths: nothing may lead out of them.
  const isPath = scope === 'path' && name.startsWith('/');
  const parts = isPath ? name.slice(1).split('/') : name.split('/');
  if (!isPath && parts.length > (scope === 'word' ? 2 : 1)) throw refuse('"/" is not allowed in a name');
  if (parts.some((part) => part === '.' || part === '..')) throw refuse('"." and ".." are no names');
  if (!isPath && parts.includes('')) throw refuse('a name is missing');
  return name;
}
