/** Carries a plan out: all of it, or nothing. Pure but for the executor it is given. */
import { InterruptedError, LeftoverError, NetwireError, StateError } from '../errors.ts';
import type { Place, Plan, Step } from './step.ts';

/** Runs commands; `src/host/machine.ts` is the real one. */
export interface Executor {
  /** @throws StepFailure when the command failed */
  execute(step: Step): Promise<void>;
  /** The same command as a line for people. */
  line(netns: Place, command: Step['command']): string;
}

/** A command that failed. `uncertain`: it may have done its work all the same. */
export class StepFailure extends Error {
  constructor(
    readonly line: string,
    readonly why: string,
    readonly uncertain = false,
  ) {
    super(`${line}: ${why}`);
  }
}

/** The first signal that came, as a number; null while none has. */
export interface Interruption {
  readonly signal: number | null;
  /** A second one came: stop undoing. */
  readonly impatient: boolean;
}

/** What a command says when what it should take away is gone already. */
const GONE =
  /Cannot find device|does not exist|No such (device|process|file)|Cannot assign requested address|Bad rule/i;

/** What the undo of a step says that was perhaps never done. */
const NOT_DONE = new RegExp(`${GONE.source}|File exists`, 'i');

/**
 * Runs the steps in order. When one fails or a signal comes, those that ran are undone, last first.
 * Then the cleanup, each step on its own.
 *
 * @param verify looks at the result after the last step; when it throws, all is undone as well
 * @throws StateError when a step failed and everything was undone; InterruptedError likewise after a
 *   signal; LeftoverError when something could not be undone or cleaned up
 */
export async function carryOut(
  plan: Plan,
  executor: Executor,
  interruption: Interruption,
  verify?: () => Promise<void>,
): Promise<void> {
  const done: Step[] = [];
  try {
    for (const step of plan.steps) {
      if (interruption.signal !== null)
        throw new InterruptedError('interrupted: everything was undone', interruption.signal);
      done.push(step);
      await attempt(step, executor);
    }
    await verify?.();
  } catch (error) {
    // A step that failed for certain did nothing; of another its undo may find nothing to do.
    const failed = error instanceof StepFailure ? done.pop() : undefined;
    const doubtful = failed && error instanceof StepFailure && error.uncertain ? [failed] : [];
    const left = [
      ...(await undo(doubtful, executor, interruption, NOT_DONE)),
      ...(await undo(done, executor, interruption, GONE)),
    ];
    const cause = error instanceof Error ? error.message : String(error);
    if (left.length > 0) throw new LeftoverError(`${cause}; not everything could be undone`, left, { cause: error });
    if (error instanceof NetwireError) throw error;
    throw new StateError('step-failed', `${cause}; everything was undone`, undefined, { cause: error });
  }
  const left: string[] = [];
  for (const step of plan.cleanup) {
    try {
      await executor.execute(step);
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      if (!GONE.test(error.why)) left.push(error.line);
    }
  }
  if (left.length > 0) throw new LeftoverError('not everything could be taken back', left);
}

async function attempt(step: Step, executor: Executor): Promise<void> {
  try {
    await executor.execute(step);
  } catch (error) {
    if (!step.mayFail || !(error instanceof StepFailure)) throw error;
  }
}

/**
 * @param harmless what a failing command may say and still have nothing left undone
 * @returns a line for each command that should have been run and was not, or failed
 */
async function undo(
  done: readonly Step[],
  executor: Executor,
  interruption: Interruption,
  harmless: RegExp,
): Promise<string[]> {
  const left: string[] = [];
  for (const step of [...done].reverse()) {
    const { undo: command, undoNetns: netns = step.netns, returns = false } = step;
    if (command === null) continue;
    if (interruption.impatient) {
      left.push(executor.line(netns, command));
      continue;
    }
    try {
      await executor.execute({ netns, command, undo: null });
    } catch (error) {
      if (!(error instanceof StepFailure)) throw error;
      if (returns || !harmless.test(error.why)) left.push(error.line);
    }
  }
  return left;
}
