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
  const own = rest.slice(0, optionCount(rest));
  const command = verb === 'tc' ? ['tc', ...json, ...rest] : ['ip', ...json, ...own, verb, ...rest.slice(own.length)];
  return { container: parseContainer(container), command };
}

/** Options of ip(8) that a word follows, by their shortest forms. */
const WITH_VALUE = /^--?(f(a(m(i(ly?)?)?)?)?|l(o(o(ps?)?)?)?|b(a(t(ch?)?)?)?|rc(v(b(uf?)?)?)?|n(e(t(ns?)?)?)?)$/;

/** How many words at the beginning are options of ip itself, with what belongs to them. */
function optionCount(words: readonly string[]): number {
  let count = 0;
  while (words[count]?.startsWith('-')) count += WITH_VALUE.test(words[count] ?? '') ? 2 : 1;
  return Math.min(count, words.length);
}
