/** The words of `show` as a request. */

import { checkIfname } from '../link/ifname.ts';
import type { ShowRequest } from '../request.ts';
import type { CommandLine } from './command-line.ts';
import { parseContainer } from './container.ts';
import { takeWords } from './words.ts';

/** @throws UsageError when there are too many words, or one cannot be what it stands for */
export function showRequest({ words, options }: CommandLine): ShowRequest {
  const [container, ifname] = takeWords('show', words, [], ['CONTAINER', 'IFNAME']);
  return {
    container: container === undefined ? null : parseContainer(container),
    ifname: ifname === undefined ? null : checkIfname(ifname, 'interface'),
    parent: options.parent ?? null,
  };
}
