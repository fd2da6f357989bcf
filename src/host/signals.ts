/** SIGINT, SIGTERM and SIGHUP: noted, so that the plan under way is undone rather than cut off. */
import { constants } from 'node:os';
import type { Interruption } from '../plan/transaction.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Begins to watch, until the process ends: a signal after the work is done must not make it look undone.
 *
 * @param notify called at the first signal
 */
export function watchSignals(notify: (signal: string) => void): Interruption {
  const state = { signal: null as number | null, impatient: false };
  for (const name of SIGNALS)
    process.on(name, (signal) => {
      if (state.signal !== null) {
        state.impatient = true;
        return;
      }
      state.signal = constants.signals[signal];
      notify(signal);
    });
  return state;
}
