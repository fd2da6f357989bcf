/** The words of `wait` as a request; `--wait`, as in pipework, waits where netwire itself runs. */
import { UsageError } from '../errors.ts';
import type { WaitRequest } from '../request.ts';
import type { CommandLine } from './command-line.ts';
import { parseContainer } from './container.ts';
import { takeWords } from './words.ts';

const DEFAULT_IFNAME = 'eth1';

/** @throws UsageError when CONTAINER is missing, or there is another word */
export function waitRequest({ words, options }: CommandLine): WaitRequest {
  const [container] = takeWords('wait', words, ['CONTAINER'], []);
  return { container: parseContainer(container), ifname: options.ifname ?? DEFAULT_IFNAME };
}

/** @throws UsageError when there is a word */
export function waitHere({ words, options }: CommandLine): WaitRequest {
  const [extra] = words;
  if (extra !== undefined)
    throw new UsageError(`--wait: ${JSON.stringify(extra)} is one word too many`, `netwire wait ${extra}`);
  return { container: { runtime: 'host', name: 'host' }, ifname: options.ifname ?? DEFAULT_IFNAME };
}
