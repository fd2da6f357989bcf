/** The words of `del` as a request. */

import { checkIfname } from '../link/ifname.ts';
import type { DelRequest } from '../request.ts';
import type { CommandLine } from './command-line.ts';
import { parseContainer } from './container.ts';
import { takeWords } from './words.ts';

/** @throws UsageError when a word is missing, too many, or cannot be what it stands for */
export function delRequest({ words, options }: CommandLine): DelRequest {
  const [container, ifname] = takeWords('del', words, ['CONTAINER'], ['IFNAME']);
  return {
    container: parseContainer(container),
    force: options.force ?? false,
    ifname: ifname === undefined ? null : checkIfname(ifname, 'interface'),
  };
}
