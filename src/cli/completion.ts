/** The words of `completion`. */
import { UsageError } from '../errors.ts';
import type { CommandLine } from './command-line.ts';
import { SHELLS } from './verbs.ts';
import { takeWords } from './words.ts';

export type Shell = (typeof SHELLS)[number];

/** @throws UsageError when SHELL is missing or another one, or there is another word */
export function completionShell({ words }: CommandLine): Shell {
  const choices = `the shells are ${SHELLS.join(', ')}`;
  const hint = `netwire completion ${SHELLS[0]}`;
  if (words.length === 0) throw new UsageError(`completion: SHELL is missing; ${choices}`, hint);
  const [word] = takeWords('completion', words, ['SHELL'], []);
  const shell = SHELLS.find((one) => one === word);
  if (shell === undefined) throw new UsageError(`completion: unknown shell ${JSON.stringify(word)}; ${choices}`, hint);
  return shell;
}
