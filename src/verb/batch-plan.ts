/** Plans of the lines of a batch, as if those before them were carried out. */
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
  const outlook = new Outlook();
  const quiet = { ...context, warn: () => {} };
  const work: Work = { ...dryWork(machine, quiet), open: (container) => targets.open(container) };
  for (const line of lines) {
    const { add } = line;
    if (!add || add.replace || add.parent.kind === 'phys') return ready;
    leaveCable(machine);
    const { prepared, isSettled } = await inLine(line, () => prepareAfter(add, work, outlook));
    if (isSettled) ready.note(line, prepared);
  }
  return ready;
}

/** For how long a plan is as good as a new one, in milliseconds. */
const FRESH = 30_000;

/** Plans that were made ahead. */
export class Ready {
  private readonly plans = new Map<BatchLine, { readonly prepared: Prepared; readonly at: number }>();
  private readonly unlocks: number;

  constructor(private readonly machine: Machine) {
    this.unlocks = machine.unlocks;
  }

  note(line: BatchLine, prepared: Prepared): void {
    this.plans.set(line, { prepared, at: Date.now() });
  }

  /** None where it is old, or another netwire may have been at work since, while a lease was awaited. */
  of(line: BatchLine): Prepared | null {
    const plan = this.plans.get(line);
    this.plans.delete(line);
    const isGood = plan && this.machine.unlocks === this.unlocks && Date.now() - plan.at < FRESH;
    return isGood ? plan.prepared : null;
  }
}
