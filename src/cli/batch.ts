/** The words of `batch`, and the lines of its file as requests. */
import { UsageError } from '../errors.ts';
import type { AddRequest, BatchLine, DelRequest } from '../request.ts';
import { addRequest } from './add.ts';
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { delRequest } from './del.ts';
import type { Options } from './options.ts';
import { shellLines } from './shell-words.ts';
import { takeWords } from './words.ts';

/** The file that is meant; null: standard input. */
export function batchFile({ words }: CommandLine): string | null {
  const [file = '-'] = takeWords('batch', words, [], ['FILE']);
  return file === '-' ? null : file;
}

/**
 * @param name of the file, for people
 * @param wrong told of each line that is wrong but the last
 * @throws UsageError when a line is wrong
 */
export function batchLines(text: string, name: string, wrong: (error: UsageError) => void): BatchLine[] {
  const errors: UsageError[] = [];
  const note = (number: number, { message, hint }: UsageError) =>
    errors.push(new UsageError(`${name}:${number}: ${message}`, hint));
  const lines = shellLines(text, note).flatMap(({ number, words }): BatchLine[] => {
    try {
      return [{ place: `${name}:${number}`, number, ...lineRequest(words) }];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      note(number, error);
      return [];
    }
  });
  const last = errors.pop();
  if (last === undefined) return lines;
  errors.forEach(wrong);
  throw last;
}

type LineRequest = { add: AddRequest; del: null } | { add: null; del: DelRequest };

/** Options that are the whole batch's. */
const WHOLE: readonly (keyof Options)[] = ['json', 'verbose', 'quiet', 'color', 'timeout', 'help', 'version', 'dryRun'];

function lineRequest(words: readonly string[]): LineRequest {
  // As `show --json` tells it.
  const line = parseCommandLine(words[0] === 'netwire' ? words.slice(1) : words);
  const option = WHOLE.find((name) => line.options[name] !== undefined);
  const flag = option === 'dryRun' ? '--dry-run' : `--${option}`;
  if (option !== undefined)
    throw new UsageError(`${flag}: it belongs to the whole batch, not to a line`, `netwire batch ${flag} FILE`);
  switch (line.verb) {
    case 'add':
      return { add: addRequest(line), del: null };
    case 'del':
      return { add: null, del: delRequest(line) };
    default:
      throw new UsageError(`${line.verb}: a batch takes add and del alone`, `netwire ${line.verb}, by itself`);
  }
}
