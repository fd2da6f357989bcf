/** Carries plans out: all of it, or nothing. Pure but for the executor it is given. */
import { InterruptedError, LeftoverError, NetwireError, StateError } from '../errors.ts';
import type { Place, Plan, Step } from './step.ts';

/** Runs commands; `src/host/machine.ts` is the real one. */
export interface Executor {
  /**
   * @param next what comes after it, so that it may be got ready meanwhile
   * @throws StepFailure when the command failed
   */
  execute(step: Step, next?: Step): Promise<void>;
  /** May these be run in one turn? Absent: all may. */
  fits?(steps: readonly Step[]): boolean;
  /**
   * Runs several in one turn: one that fails does not keep the later ones from being run. Absent: one by one.
   *
   * @throws StepFailure for the first that failed, with all that did
   */
  executeAll?(steps: readonly Step[]): Promise<void>;
  /** The same command as a line for people. */
  line(netns: Place, command: Step['command']): string;
  /** Gives a way back to the places as they are now; absent: they never change. */
  remember?(): () => void;
}

/**
 * A command that failed. `uncertain`: it may have done its work all the same. `failed`: of a turn all that did; null: the
 * only one.
 */
export class StepFailure extends Error {
  constructor(
    readonly line: string,
    readonly why: string,
    readonly uncertain = false,
    readonly failed: readonly Step[] | null = null,
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
  /Cannot find device|does not exist|No such (device|process|file)|Cannot assign requested address|address not found|Bad rule/i;

/** What the undo of a step says that was perhaps never done. */
const NOT_DONE = new RegExp(`${GONE.source}|File exists`, 'i');

/** A step that was begun, who ran it, and the way back to the places it was done in. */
interface Done {
  readonly step: Step;
  readonly executor: Executor;
  readonly back: () => void;
}

/** Looks at what was done; it may do more, which is undone along with it. */
type Verify = (more: (plan: Plan) => Promise<void>) => Promise<void>;

/** It was stopped because of another's failure, which undoes it as well. */
export class Halted extends Error {}

/** Steps that are all done, or none: those of one plan, or of several, one after the other or at the same time. */
export class Transaction {
  private done: Done[] = [];
  /** Steps that failed, and may have done their work all the same. */
  private doubtful: Done[] = [];
  private readonly running = new Set<Promise<void>>();
  /** One failed, and all is being undone. */
  isHalted = false;

  constructor(
    private readonly executor: Executor,
    private readonly interruption: Interruption,
  ) {}

  /**
   * Runs steps in order. When one fails or a signal comes, all that ran are undone, last first.
   *
   * @param verify looks at the result after the last step; when it throws, all is undone as well
   * @param executor who runs them; others of the same transaction may be running beside
   * @throws StateError when a step failed and everything was undone; InterruptedError likewise after a
   *   signal; LeftoverError when something could not be undone; Halted when another failed, and undoes all
   */
  async run(steps: readonly Step[], verify?: Verify, executor = this.executor): Promise<void> {
    const run = this.carry(steps, verify, executor);
    this.running.add(run);
    try {
      await run;
    } catch (error) {
      this.running.delete(run);
      if (this.isHalted) throw new Halted();
      this.isHalted = true;
      await Promise.allSettled(this.running);
      await this.fail(error);
    } finally {
      this.running.delete(run);
    }
  }

  private async carry(steps: readonly Step[], verify: Verify | undefined, executor: Executor): Promise<void> {
    const back = executor.remember?.() ?? (() => {});
    for (let i = 0; i < steps.length; ) {
      if (this.interruption.signal !== null)
        throw new InterruptedError('interrupted: everything was undone', this.interruption.signal);
      if (this.isHalted) throw new Halted();
      const together = executor.executeAll ? turnOf(steps, i) : [];
      const turn = together.length > 1 && (executor.fits?.(together) ?? true) ? together : steps.slice(i, i + 1);
      this.done.push(...turn.map((step) => ({ step, executor, back })));
      i += turn.length;
      try {
        const [step] = turn;
        if (turn.length > 1) await executor.executeAll?.(turn);
        else if (step) await attempt(step, executor, steps[i]);
      } catch (error) {
        if (error instanceof StepFailure) this.takeOut(error, turn);
        throw error;
      }
    }
    await verify?.(({ steps: more }) => this.carry(more, undefined, executor));
  }

  /**
   * Undoes all because of an error.
   *
   * @throws what `run` does
   */
  async fail(error: unknown): Promise<never> {
    const wasBegun = this.isBegun;
    const left = [...(await this.undo(this.doubtful, NOT_DONE)), ...(await this.undo(this.done, GONE))];
    this.done = [];
    this.doubtful = [];
    const cause = error instanceof Error ? error.message : String(error);
    if (left.length > 0)
      throw new LeftoverError(
        `${cause.replace(/; everything was undone$/, '')}; not everything could be undone`,
        left,
        {
          cause: error,
        },
      );
    if (error instanceof NetwireError) throw error;
    const end = wasBegun || error instanceof StepFailure ? '; everything was undone' : '';
    throw new StateError('step-failed', `${cause}${end}`, undefined, { cause: error });
  }

  /** What failed for certain did nothing; of another its undo may find nothing to do. */
  private takeOut({ failed, uncertain }: StepFailure, turn: readonly Step[]): void {
    const steps = new Set(failed ?? turn);
    if (uncertain) this.doubtful.push(...this.done.filter(({ step }) => steps.has(step)));
    this.done = this.done.filter(({ step }) => !steps.has(step));
  }

  /** Was anything done? */
  get isBegun(): boolean {
    return this.done.length + this.doubtful.length > 0;
  }

  /**
   * @param harmless what a failing command may say and still have nothing left undone
   * @returns a line for each command that should have been run and was not, or failed
   */
  private async undo(done: readonly Done[], harmless: RegExp): Promise<string[]> {
    const { interruption } = this;
    const left: string[] = [];
    for (const { step, executor, back } of [...done].reverse()) {
      const { undo: command, undoNetns: netns = step.netns, returns = false } = step;
      if (command === null) continue;
      back();
      if (interruption.impatient) {
        left.push(executor.line(netns, command));
        continue;
      }
      try {
        await executor.execute({ netns, command, undo: null });
      } catch (error) {
        // Whatever happened, the others are undone.
        if (!(error instanceof StepFailure)) left.push(executor.line(netns, command));
        else if (returns || !harmless.test(error.why)) left.push(error.line);
      }
    }
    return left;
  }
}

/**
 * Carries a plan out: its steps as a transaction, then the cleanup, each step on its own.
 *
 * @param verify as of `Transaction.run`
 * @throws what that does; LeftoverError also when something could not be cleaned up
 */
export async function carryOut(
  plan: Plan,
  executor: Executor,
  interruption: Interruption,
  verify?: Verify,
): Promise<void> {
  await new Transaction(executor, interruption).run(plan.steps, verify);
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

/** The step at a place among others, and those behind it that can be run in the same turn. */
function turnOf(steps: readonly Step[], at: number): readonly Step[] {
  const [first] = steps.slice(at, at + 1);
  const later = steps.slice(at);
  const end = later.findIndex(
    (step, i) => !isFree(step) || step.netns !== first?.netns || (isSysctl(step) && !later.slice(0, i).every(isSysctl)),
  );
  return later.slice(0, end === -1 ? undefined : Math.max(end, 1));
}

/** Commands that set or add something. */
const SETS = /^ip link set /;
const ADDS = /^ip (addr|route) add /;

/** Nothing is lost where it is run though one before it failed. What gives a link its group says that it is finished. */
function isFree(step: Step): boolean {
  const { netns, command, undo, mayFail, onceForwarding, unanswered, thenAsked } = step;
  if (mayFail || onceForwarding !== undefined || unanswered !== undefined || thenAsked !== undefined) return false;
  const line = command.join(' ');
  if (ADDS.test(line)) return true;
  if (undo !== null) return false;
  return (SETS.test(line) && !command.includes('group')) || (isSysctl(step) && netns !== 'host');
}

/** Sysctls are written before the process is there that does the rest. */
function isSysctl({ command }: Step): boolean {
  return command[0] === 'sysctl';
}

async function attempt(step: Step, executor: Executor, next: Step | undefined): Promise<void> {
  try {
    await executor.execute(step, next);
  } catch (error) {
    if (!step.mayFail || !(error instanceof StepFailure)) throw error;
  }
}
