/** Runs one command to its end. */
import { execFile } from 'node:child_process';
import { childEnvironment } from './environment.ts';

export interface Outcome {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** The signal that ended it, or null. */
  readonly signal: NodeJS.Signals | null;
  /** Why it failed: what it said, or how it ended; empty when it did not. */
  readonly why: string;
  /** The program is not installed. */
  readonly absent: boolean;
}

/** 16 MiB: a firewall ruleset of a hundred thousand lines. */
const OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * @param command words, given to the program as they are, without a shell
 * @param seconds after which it is killed; 0: never
 */
export function runCommand(command: readonly string[], seconds = 0): Promise<Outcome> {
  const [file = '', ...args] = command;
  return new Promise((resolve) => {
    const options = { env: childEnvironment(), cwd: '/', maxBuffer: OUTPUT_BYTES, detached: true };
    const limit = { timeout: seconds * 1000, killSignal: 'SIGKILL' as const };
    execFile(file, args, { ...options, ...limit }, (error, stdout, stderr) => {
      const absent = error !== null && 'code' in error && error.code === 'ENOENT';
      const signal = error?.signal ?? null;
      const late = error?.killed === true && signal === limit.killSignal && seconds > 0;
      const said = error === null ? '' : late ? `no answer within ${seconds} s` : lastLine(stderr) || error.message;
      const why = absent ? `${file} is not installed` : said;
      resolve({ ok: error === null, stdout, stderr, signal: late ? null : signal, why, absent });
    });
  });
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
