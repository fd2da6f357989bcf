/** Ending work early from within a program: by an AbortSignal, where the command has SIGINT. */
import { constants } from 'node:os';
import { InterruptedError } from '../errors.ts';
import type { Interruption } from '../plan/transaction.ts';
import type { Context } from '../verb/context.ts';
import type { AbortSignalLike } from './asked.ts';

/**
 * Does work that ends early when the signal is given. Nothing is left on the signal afterwards, which may be one for
 * a thousand attachments.
 *
 * @throws InterruptedError, whose cause is the signal's reason; and what the work throws
 */
export async function untilAborted<T>(
  signal: AbortSignalLike | undefined,
  work: (watch: Context['watch']) => Promise<T>,
): Promise<T> {
  if (signal === undefined) return work(() => NEVER);
  if (signal.aborted) throw interrupted('interrupted: nothing was done yet', signal);
  const state = { signal: null as number | null, impatient: false };
  let notify: (what: string) => void = () => {};
  const abort = () => {
    state.signal = constants.signals.SIGINT;
    notify('aborted');
  };
  signal.addEventListener('abort', abort);
  try {
    return await work((told) => {
      notify = told;
      return state;
    });
  } catch (error) {
    throw error instanceof InterruptedError ? interrupted(error.message, signal) : error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

const NEVER: Interruption = { signal: null, impatient: false };

function interrupted(message: string, { reason }: AbortSignalLike): InterruptedError {
  return new InterruptedError(message, constants.signals.SIGINT, { cause: reason });
}
