/** The words of `exec` as a request. */
import { UsageError } from '../errors.ts';
import type { ExecRequest } from '../request.ts';
import type { CommandLine } from './command-line.ts';
import { parseContainer } from './container.ts';

/** @throws UsageError when CONTAINER or the command is missing */
export function execRequest({ words, rest }: CommandLine): ExecRequest {
  const hint = 'netwire exec CONTAINER -- COMMAND...';
  const [container] = words;
  if (container === undefined) throw new UsageError('exec: CONTAINER is missing', hint);
  const request = parseContainer(container);
  if (rest.length === 0) throw new UsageError('exec: the command is missing', hint);
  return { container: request, command: rest };
}
