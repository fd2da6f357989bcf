/** The words of `route`, `rule` and `tc` as a request: tools of iproute2 in a container's network. */
import { UsageError } from '../errors.ts';
import type { ExecRequest } from '../request.ts';
import type { CommandLine } from './command-line.ts';
import { parseContainer } from './container.ts';

/**
 * What stands behind CONTAINER is the tool's. Options of `ip` itself (`-6`, `-details`) go before `route`,
 * where ip looks for them.
 *
 * @throws UsageError when CONTAINER is missing
 */
export function toolRequest({ verb, words, rest, options }: CommandLine): ExecRequest {
  const [container] = words;
  if (container === undefined) throw new UsageError(`${verb}: CONTAINER is missing`, `netwire ${verb} CONTAINER ...`);
  const json = options.json ? ['-j'] : [];
  const behind = rest.findIndex((word) => !word.startsWith('-'));
  const own = behind === -1 ? rest : rest.slice(0, behind);
  const command = verb === 'tc' ? ['tc', ...json, ...rest] : ['ip', ...json, ...own, verb, ...rest.slice(own.length)];
  return { container: parseContainer(container), command };
}
