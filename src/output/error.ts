/** An error as the user sees it. */
import type { ColorMode } from '../cli/options.ts';
import { EXIT, LeftoverError, NetwireError, NOT_PERMITTED } from '../errors.ts';
import { shellWord } from '../plan/print.ts';
import { type Paint, paintFor } from './colour.ts';

/**
 * Prints an error: a line on stderr, its hint behind "try:", and with `--json` the same on stdout.
 *
 * @param argv the command line as it was given; it may be wrong, so it is looked at, not parsed
 * @returns the exit status
 */
export async function sayError(error: unknown, argv: readonly string[]): Promise<number> {
  const options = argv.slice(0, argv.indexOf('--') === -1 ? argv.length : argv.indexOf('--'));
  const json = options.includes('--json');
  const { message, code, hint, status } = describe(error, argv);
  const paint = await paintFor(process.stderr, json ? 'never' : colorMode(options));
  const left = error instanceof LeftoverError ? error.left : [];
  process.stderr.write(`${textOf(message, hint, left, paint).join('\n')}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: { code, message, hint: hint ?? null } })}\n`);
  return status;
}

/** The lines for people. */
export function errorLines(error: NetwireError, paint: Paint): string[] {
  const left = error instanceof LeftoverError ? error.left : [];
  return textOf(printable(error.message), printable(error.hint), left, paint);
}

function textOf(message: string, hint: string | undefined, left: readonly string[], paint: Paint): string[] {
  if (left.length > 0) return [`${paint.error('netwire:')} ${message}`, ...left.map((line) => `left: ${line}`)];
  return [`${paint.error('netwire:')} ${message}`, ...(hint === undefined ? [] : [`try: ${hint}`])];
}

function describe(error: unknown, argv: readonly string[]) {
  if (error instanceof NetwireError) {
    const { message, code, exitStatus: status } = error;
    const own = code === NOT_PERMITTED ? permitted(argv) : undefined;
    return { message: printable(message), code, status, hint: printable(error.hint ?? own) };
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: `a fault of netwire's own: ${message}`, code: 'fault', status: EXIT.failed, hint: undefined };
}

/** What helps who is not permitted: root itself may lack what it needs, in a container. */
function permitted(argv: readonly string[]): string {
  if (process.getuid?.() === 0) return 'on the host itself, not in a container';
  return ['sudo', 'netwire', ...argv].map(shellWord).join(' ');
}

/** What other programs said may hold anything, also what a terminal would obey. */
function printable<T extends string | undefined>(text: T): T {
  return text?.replace(/\p{Cc}+/gu, ' ') as T;
}

function colorMode(options: readonly string[]): ColorMode {
  const word = options.find((option) => option.startsWith('--color='))?.slice('--color='.length);
  const mode = word ?? options[options.indexOf('--color') + 1];
  return options.some((option) => option.startsWith('--color')) && (mode === 'always' || mode === 'never')
    ? mode
    : 'auto';
}
