/** The words of `del` as a request. */
import type { DelRequest } from '../request.ts';
import type { CommandLine } from './command-line.ts';
import { parseContainer } from './container.ts';
import { checkIfname } from './ifname.ts';
import { takeWords } from './words.ts';

/** @throws UsageError when a word is missing, too many, or cannot be what it stands for */
export function delRequest({ words }: CommandLine): DelRequest {
  const [container, ifname] = takeWords('del', words, ['CONTAINER'], ['IFNAME']);
  return {
    container: parseContainer(container),
    ifname: ifname === undefined ? null : checkIfname(ifname, 'interface'),
  };
}
