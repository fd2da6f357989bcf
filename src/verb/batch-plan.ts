/** Plans of the lines of a batch, as if those before them were carried out. */
import { NetwireError } from '../errors.ts';
import { Machine } from '../host/machine.ts';
import { Outlook } from '../plan/outlook.ts';
import type { Step, Word } from '../plan/step.ts';
import type { BatchLine } from '../request.ts';
import { type Prepared, planAttachAfter, prepareAfter } from './add.ts';
import { inContext, inLine, leaveCable } from './batch-line.ts';
import type { Targets } from './batch-targets.ts';
import type { Context, Planned } from './context.ts';
import { planDetachAfter } from './del.ts';
import { dryWork, type Work } from './work.ts';

/** Plans them one after the other, and changes nothing. */
export async function planBatch(
  lines: readonly BatchLine[],
  context: Context,
): Promise<{ line: BatchLine; planned: Planned[] }[]> {
  const machine = new Machine({ lockSeconds: null, trace: undefined, many: true });
  const outlook = new Outlook();
  const plans: { line: BatchLine; planned: Planned[] }[] = [];
  try {
    for (const line of lines)
      plans.push({
        line,
        planned: await inLine(line, () => planLine(line, dryWork(machine, inContext(line, context)), outlook)),
      });
    return plans.map((plan, i) => withoutNeeded(plan, plans.slice(i + 1)));
  } finally {
    machine.close();
  }
}

/** A bridge or a VLAN link that a later line uses stays, and its firewall rule with it. */
function withoutNeeded<T extends { planned: Planned[] }>(plan: T, later: readonly T[]): T {
  const used = new Set(later.flatMap(({ planned }) => planned.flatMap((one) => one.plan.steps.flatMap(wordsOnHost))));
  const planned = plan.planned.map((one) => {
    const going = one.plan.cleanup.filter(({ command }) => command.slice(0, 4).join(' ') === 'ip link del dev');
    const staying = going.flatMap(({ command }) => command.slice(4)).filter((name) => used.has(name));
    const cleanup = one.plan.cleanup.filter(({ command }) => !command.some((word) => staying.includes(word)));
    return { ...one, plan: { ...one.plan, cleanup } };
  });
  return { ...plan, planned };
}

function wordsOnHost({ netns, command }: Step): readonly Word[] {
  return netns === 'host' ? command : [];
}

async function planLine({ add, del }: BatchLine, work: Work, outlook: Outlook): Promise<Planned[]> {
  leaveCable(work.machine);
  return add ? [await planAttachAfter(add, work, outlook)] : await planDetachAfter(del, work, outlook);
}

/**
 * Plans all lines before the first change, up to one that takes something away: what there is then is
 * only known when it has been done.
 *
 * @returns what may be carried out as it was planned: lines that have nothing to do with those before them
 */
export async function checkAhead(
  lines: readonly BatchLine[],
  machine: Machine,
  context: Context,
  targets: Targets,
): Promise<Ready> {
  const ready = new Ready(machine);
  for await (const _ of plansOf(lines, machine, context, targets, ready));
  return ready;
}

/**
 * Plans the lines that come next, now that those before them are carried out, up to one that has to do with another of
 * them.
 */
export async function planOn(
  lines: readonly BatchLine[],
  machine: Machine,
  context: Context,
  targets: Targets,
  ready: Ready,
): Promise<void> {
  try {
    for await (const isSettled of plansOf(lines.slice(0, AHEAD), machine, context, targets, ready))
      if (!isSettled) return;
  } catch (error) {
    // It is told when that line's turn comes, if it is still so.
    if (!(error instanceof NetwireError)) throw error;
  }
}

/** Plans one after the other, up to one that takes something away; yields whether the last may be carried out as it is. */
async function* plansOf(
  lines: readonly BatchLine[],
  machine: Machine,
  context: Context,
  targets: Targets,
  ready: Ready,
): AsyncGenerator<boolean> {
  const outlook = new Outlook();
  const quiet = { ...context, warn: () => {} };
  const work: Work = { ...dryWork(machine, quiet), open: (container) => targets.open(container) };
  for (const line of lines) {
    const { add } = line;
    if (!add || add.replace || add.parent.kind === 'phys') return;
    leaveCable(machine);
    const { prepared, isSettled } = await inLine(line, () => prepareAfter(add, work, outlook));
    if (isSettled) ready.note(line, prepared);
    yield isSettled;
  }
}

/** Lines that are planned at once, so that none is old when its turn comes. */
const AHEAD = 256;

/** For how long a plan is as good as a new one, in milliseconds. */
const FRESH = 30_000;

interface Plan {
  readonly prepared: Prepared;
  readonly at: number;
  /** How often others may have been at work by then. */
  readonly unlocks: number;
}

/** Plans that were made ahead. */
export class Ready {
  private readonly plans = new Map<BatchLine, Plan>();

  constructor(private readonly machine: Machine) {}

  note(line: BatchLine, prepared: Prepared): void {
    this.plans.set(line, { prepared, at: Date.now(), unlocks: this.machine.unlocks });
  }

  has(line: BatchLine): boolean {
    return this.isGood(this.plans.get(line));
  }

  /** None where it is old, or another netwire may have been at work since, while a lease was awaited. */
  of(line: BatchLine): Prepared | null {
    const plan = this.plans.get(line);
    this.plans.delete(line);
    return plan && this.isGood(plan) ? plan.prepared : null;
  }

  private isGood(plan: Plan | undefined): boolean {
    return plan !== undefined && this.machine.unlocks === plan.unlocks && Date.now() - plan.at < FRESH;
  }
}
