/** What the verbs are told besides their request, and what they tell back on the way. */
import { PermissionError } from '../errors.ts';
import { mayAdministerNetwork } from '../host/capability.ts';
import type { Places, Plan } from '../plan/step.ts';
import type { Interruption } from '../plan/transaction.ts';

export interface Context {
  /** Seconds to wait for a runtime, or for another netwire; null: each wait's own default. */
  readonly timeout: number | null;
  /** Called with each command before it runs; undefined: nobody wants to know. */
  readonly trace: ((line: string) => void) | undefined;
  /** Something the user should know though the work goes on. */
  readonly warn: (message: string) => void;
  /** Begins to watch for what ends work early: signals, or what a caller of the module gave; `notify` is told of the first. */
  readonly watch: (notify: (what: string) => void) => Interruption;
}

/** What a dry run tells. */
export interface Planned {
  readonly plan: Plan;
  readonly places: Places;
}

/** Seconds to wait while another netwire is at work. */
export const LOCK_SECONDS = 30;

/** @throws PermissionError when this process may not change network settings */
export function assertMayAdminister(): void {
  if (!mayAdministerNetwork()) throw new PermissionError('not permitted: this needs CAP_NET_ADMIN and CAP_SYS_ADMIN');
}
