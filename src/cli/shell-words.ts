/** Words as sh(1) would split them, without its expansions: quotes, backslashes, comments (POSIX.1, 2.2 and 2.3). */
import { UsageError } from '../errors.ts';

export interface Line {
  /** Of its first line, from 1. */
  readonly number: number;
  readonly words: readonly string[];
}

/** One word, or a part of one: quoted, escaped or plain. */
const PART = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/y;

/** Of characters: as many as an argument list has on Linux (execve(2), MAX_ARG_STRLEN). */
const LINE_MAX = 131_072;

/**
 * Splits a text into lines of words. A backslash at a line's end joins it with the next one; a `#` that
 * begins a word begins a comment. Lines without a word are left out.
 *
 * @param wrong told of each line whose quotes do not end, which is left out
 */
export function shellLines(text: string, wrong: (number: number, error: UsageError) => void): Line[] {
  const lines: Line[] = [];
  const physical = text.split(/\r?\n/);
  for (let i = 0; i < physical.length; i++) {
    const number = i + 1;
    let line = physical[i] ?? '';
    while (isContinued(line) && i + 1 < physical.length) line = line.slice(0, -1) + physical[++i];
    try {
      if (line.length > LINE_MAX) throw new UsageError(`a line of ${line.length} characters is too long`);
      const words = shellWords(line);
      if (words.length > 0) lines.push({ number, words });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      wrong(number, error);
    }
  }
  return lines;
}

/** An odd number of backslashes at its end, and no comment. */
function isContinued(line: string): boolean {
  return (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1 && !hasComment(line);
}

/** Does a word begin with "#", outside quotes? */
function hasComment(line: string): boolean {
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const char = line[i] ?? '';
    if (quote === '' && char === '#' && (i === 0 || /\s/.test(line[i - 1] ?? ''))) return true;
    if (char === '\\' && quote !== "'") i++;
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
  }
  return false;
}

/** @throws UsageError for a quote that does not end */
function shellWords(line: string): string[] {
  const words: string[] = [];
  let at = 0;
  while (at < line.length) {
    const space = /\s*/y;
    space.lastIndex = at;
    at += space.exec(line)?.[0].length ?? 0;
    if (at >= line.length || line[at] === '#') break;
    let word = '';
    while (at < line.length && !/\s/.test(line[at] ?? '')) {
      PART.lastIndex = at;
      const part = PART.exec(line);
      if (part === null)
        throw new UsageError(
          `the ${line[at] === '\\' ? 'backslash' : 'quote'} ${line.slice(at, at + 20)} does not end`,
        );
      const [all, single, double, escaped, plain] = part;
      word += single ?? double?.replace(/\\([$`"\\])/g, '$1') ?? escaped ?? plain ?? '';
      at += all.length;
    }
    words.push(word);
  }
  return words;
}
