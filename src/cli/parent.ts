/** The PARENT word: `[KIND:]LINK`. */
import { UsageError } from '../errors.ts';
import type { ParentRequest } from '../request.ts';
import { checkIfname } from './ifname.ts';

/**
 * Parses PARENT.
 *
 * @throws UsageError for an unknown kind or a name that no link can have
 */
export function parseParent(word: string): ParentRequest {
  const colon = word.indexOf(':');
  if (colon === -1) return { kind: 'auto', name: checkIfname(word, 'parent') };
  const kind = word.slice(0, colon);
  const name = word.slice(colon + 1);
  if (kind === 'bridge') return { kind, name: checkIfname(name, 'parent') };
  if (/^\d+$/.test(name))
    throw new UsageError(`parent ${JSON.stringify(word)}: that is a label of an address, not a link`, kind);
  throw new UsageError(
    `parent ${JSON.stringify(word)}: unknown kind ${JSON.stringify(kind)}; this release knows "bridge"`,
    name === '' ? undefined : `bridge:${name}`,
  );
}
