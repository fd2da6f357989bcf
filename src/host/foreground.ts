/** Runs a command as if it had been typed itself: the caller's terminal, environment and directory. */
import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { constants as system } from 'node:os';
import { findInSystem } from './environment.ts';
import { type HeldNetns, heldPath } from './netns.ts';
import { variable } from './variables.ts';

/** Sent on to the command; those of the keyboard only where no terminal sends them to it itself. */
const SENT_ON = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;
const KEYBOARD = ['SIGINT', 'SIGQUIT'] as const;

/**
 * Runs a command in a network namespace, the host's otherwise, to its end.
 *
 * @returns its exit status; 128 and the signal's number when a signal ended it
 * @throws the system's error when nsenter(1) cannot be started
 */
export function runInNetns(held: HeldNetns, command: readonly string[]): Promise<number> {
  // By path, so that the command inherits no descriptor.
  const args = [`--net=${heldPath(held)}`, '--', ...command];
  // Before it begins: one that comes while it does would end this process instead. Handlers run after this turn.
  const reached = hasTerminal();
  for (const signal of SENT_ON) process.on(signal, () => child.kill(signal));
  for (const signal of KEYBOARD)
    process.on(signal, () => {
      if (!reached) child.kill(signal);
    });
  const child = spawn(findInSystem('nsenter') ?? 'nsenter', args, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve(signal === null ? (status ?? 0) : 128 + system.signals[signal]));
  });
}

/** Is there a terminal whose keys reach the command as well (tty(4))? */
function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', constants.O_RDONLY));
    return true;
  } catch {
    return false;
  }
}

/**
 * Looks for a program as execvp(3) does.
 *
 * @returns why it could not be run, null when it can
 */
export function whyNotRunnable(program: string): 'absent' | 'not-executable' | null {
  const paths = program.includes('/')
    ? [program]
    : (variable('PATH') ?? '').split(':').map((directory) => `${directory || '.'}/${program}`);
  const found = paths.map(kindAt);
  if (paths.some((path, i) => found[i] === 'file' && isExecutable(path))) return null;
  return found.includes('file') || (program.includes('/') && found[0] !== null) ? 'not-executable' : 'absent';
}

/** Null: nothing. What this user may not look at is `other`. */
function kindAt(path: string): 'file' | 'other' | null {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? null : stat.isFile() ? 'file' : 'other';
  } catch {
    return 'other';
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
