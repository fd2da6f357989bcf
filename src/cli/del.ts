/** The words of `del` as a request. */
import { UsageError } from '../errors.ts';
import { checkIfname } from '../link/ifname.ts';
import type { DelRequest } from '../request.ts';
import type { CommandLine } from './command-line.ts';
import { parseContainer } from './container.ts';
import { takeWords } from './words.ts';

/** @throws UsageError when a word is missing, too many, or cannot be what it stands for */
export function delRequest({ words, options }: CommandLine): DelRequest {
  const [container, ifname] = takeWords('del', words, ['CONTAINER'], ['IFNAME']);
  const all = options.all ?? false;
  if (all && ifname !== undefined) throw new UsageError(`--all: ${ifname} says one`, 'leave one of them out');
  return {
    container: parseContainer(container),
    force: options.force ?? false,
    all,
    ifname: ifname === undefined ? null : checkIfname(ifname, 'interface'),
  };
}
