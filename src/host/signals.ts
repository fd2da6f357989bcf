/** SIGINT, SIGTERM and SIGHUP: noted, so that the plan under way is undone rather than cut off. */
import { constants } from 'node:os';
import type { Interruption } from '../plan/transaction.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Begins to watch.
 *
 * @param notify called at the first signal
 */
export function watchSignals(notify: (signal: string) => void): Interruption & { stop(): void } {
  const state = { signal: null as number | null, impatient: false };
  const handler = (signal: NodeJS.Signals) => {
    if (state.signal !== null) {
      state.impatient = true;
      return;
    }
    state.signal = constants.signals[signal];
    notify(signal);
  };
  for (const signal of SIGNALS) process.on(signal, handler);
  return Object.assign(state, {
    stop() {
      for (const signal of SIGNALS) process.off(signal, handler);
    },
  });
}
