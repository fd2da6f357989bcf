/** The frame of every verb that changes something: permission, signals, the lock, and the end of all of them. */
import { InterruptedError } from '../errors.ts';
import { Machine } from '../host/machine.ts';
import type { Interruption } from '../plan/transaction.ts';
import { assertMayAdminister, type Context, LOCK_SECONDS } from './context.ts';

/**
 * Runs work on a machine that is locked for it.
 *
 * @param work told the machine, whose lock it waits for by `ready`, and what signals came
 * @param many it goes through many containers, one after the other
 * @param rulesets firewalls that will most likely be asked
 * @throws what the work throws; InterruptedError when a signal came (or what is watched instead) while it waited for the lock or a container
 */
export async function atWork<T>(
  context: Context,
  work: (machine: Machine, interruption: Interruption) => Promise<T>,
  many = false,
  rulesets: readonly string[] = [],
): Promise<T> {
  assertMayAdminister();
  // While a container or the lock is waited for nothing is done, so that work can be left as it is.
  let leave: (why: Error) => void = () => {};
  const left = new Promise<never>((_, reject) => {
    leave = reject;
  });
  // Watched from the start. A signal is noticed after the next lines at the soonest.
  const interruption = context.watch((what) => {
    context.warn(`${what}: undoing`);
    if (!machine.isReady) leave(new Error(what));
    machine.giveUpWaiting();
  });
  const machine = new Machine({ lockSeconds: context.timeout ?? LOCK_SECONDS, trace: context.trace, many, rulesets });
  try {
    return await Promise.race([work(machine, interruption), left]);
  } catch (error) {
    if (interruption.signal === null || machine.isReady) throw error;
    throw new InterruptedError('interrupted: nothing was done yet', interruption.signal);
  } finally {
    machine.close();
  }
}
