/** Colour: per stream, only on a terminal, and only when nobody asked for none. */
import type { ColorMode } from '../cli/options.ts';
import { variable } from '../host/variables.ts';

export interface Paint {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly heading: (text: string) => string;
}

const PLAIN: Paint = { error: String, warning: String, heading: String };

/** What decides about colour besides `--color`. */
interface Stream {
  readonly isTTY?: boolean;
}

/** The rule of no-color.org, and of terminals that have none. */
function wantsColour(stream: Stream, mode: ColorMode): boolean {
  if (mode !== 'auto') return mode === 'always';
  return stream.isTTY === true && !variable('NO_COLOR') && variable('TERM') !== 'dumb';
}

/** The paints for a stream; chalk is loaded only when it is used. */
export async function paintFor(stream: Stream, mode: ColorMode): Promise<Paint> {
  if (!wantsColour(stream, mode)) return PLAIN;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return { error: chalk.red, warning: chalk.yellow, heading: chalk.bold };
}
