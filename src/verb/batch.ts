/** The verb `batch`: many command lines, as one transaction or each for itself. */
import type { Detached } from '../documents.ts';
import { InterruptedError, LeftoverError, NetwireError } from '../errors.ts';
import { Machine } from '../host/machine.ts';
import { Outlook } from '../plan/outlook.ts';
import type { Plan, Step, Word } from '../plan/step.ts';
import { carryOut, type Interruption, Transaction } from '../plan/transaction.ts';
import type { BatchLine, ContainerRequest } from '../request.ts';
import { LOOKUP_SECONDS, openTarget, type Target } from '../target/index.ts';
import { attachAs, planAttachAfter } from './add.ts';
import { atWork } from './at-work.ts';
import type { Context, Planned } from './context.ts';
import { detachAs, planDetachAfter } from './del.ts';
import { type GcResult, sweep } from './gc.ts';
import type { AddResult } from './result.ts';
import { dryWork, soleWork, type Work } from './work.ts';

/** What became of a line: just one of the three is there. */
export interface LineResult {
  readonly line: BatchLine;
  readonly added?: AddResult;
  readonly removed?: readonly Detached[];
  readonly error?: NetwireError;
}

export interface BatchResult {
  readonly results: readonly LineResult[];
  /** What went along at the end; null: nothing was taken back. */
  readonly swept: Pick<GcResult, 'bridges' | 'links' | 'returned' | 'clients'> | null;
}

/**
 * Does all lines, or none.
 *
 * @param onLine called after each line
 * @throws a NetwireError that names the line; the machine is then as before, unless it is a LeftoverError
 */
export async function batch(
  lines: readonly BatchLine[],
  context: Context,
  onLine: (done: number) => void,
): Promise<BatchResult> {
  return atWork(
    context,
    async (machine, interruption) => {
      const targets = new Targets(context);
      for (const [i, line] of lines.entries()) {
        for (const later of lines.slice(i + 1, i + LOOK_UPS)) targets.lookFor(containerOf(later));
        await inLine(line, () => openAll(line, targets));
      }
      await machine.ready();
      await checkAhead(lines, machine, context, targets);
      const transaction = new Transaction(machine, interruption);
      const touched = new Set<Target>();
      const results: LineResult[] = [];
      for (const [i, line] of lines.entries()) {
        const work: Work = {
          machine,
          context: inContext(line, context),
          open: (container) => targets.open(container),
          async carry(plan, verify) {
            await transaction.run(plan.steps, verify);
            // What remains is looked for again at the end: other lines may need it by then.
            if (plan.cleanup.length > 0 || (line.del && plan.steps.length > 0))
              touched.add(await targets.open(containerOf(line)));
          },
          interruption,
          sweep: (plan) => carryOut(plan, machine, interruption),
          setsAside: true,
        };
        leaveCable(machine);
        const wasBegun = transaction.isBegun;
        await expectNext(lines[i + 1], machine, targets);
        try {
          results.push(await obey(line, work));
        } catch (error) {
          await transaction.fail(named(error, line, wasBegun));
        }
        onLine(results.length);
      }
      const isDone = lines.some(({ del }) => del) || touched.size > 0;
      const swept = isDone ? await finish(machine, context, touched, interruption) : null;
      return { results, swept };
    },
    true,
  );
}

/**
 * From here on nothing is undone: what was set aside goes.
 *
 * @throws LeftoverError when it could not be taken away
 */
async function finish(machine: Machine, context: Context, touched: Iterable<Target>, interruption: Interruption) {
  leaveCable(machine);
  try {
    const work = (plan: Plan) => carryOut(plan, machine, { ...interruption, signal: null });
    return await sweep(machine, context, touched, work, false);
  } catch (error) {
    if (!(error instanceof NetwireError)) throw error;
    const left = error instanceof LeftoverError ? error.left : ['netwire gc'];
    throw new LeftoverError(`all lines are done, but ${error.message}`, left, { cause: error });
  }
}

/**
 * Does each line for itself.
 *
 * @throws InterruptedError after a signal
 */
export async function batchEach(
  lines: readonly BatchLine[],
  context: Context,
  onLine: (result: LineResult) => void,
): Promise<LineResult[]> {
  return atWork(
    context,
    async (machine, interruption) => {
      const results: LineResult[] = [];
      for (const line of lines) {
        leaveCable(machine);
        const work = soleWork(machine, inContext(line, context), interruption);
        const result = await obey(line, work).catch((error: unknown): LineResult => {
          const said = named(error, line, false);
          if (!(said instanceof NetwireError) || said instanceof InterruptedError) throw said;
          return { line, error: said };
        });
        results.push(result);
        onLine(result);
      }
      return results;
    },
    true,
  );
}

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

async function obey(line: BatchLine, work: Work): Promise<LineResult> {
  return line.add ? { line, added: await attachAs(line.add, work) } : { line, removed: await detachAs(line.del, work) };
}

/**
 * Plans all lines before the first change, up to one that takes something away: what there is then is
 * only known when it has been done.
 */
async function checkAhead(lines: readonly BatchLine[], machine: Machine, context: Context, targets: Targets) {
  const outlook = new Outlook();
  const quiet = { ...context, warn: () => {} };
  const work: Work = { ...dryWork(machine, quiet), open: (container) => targets.open(container) };
  for (const line of lines) {
    if (line.del || line.add.replace || line.add.parent.kind === 'phys') return;
    await inLine(line, () => planLine(line, work, outlook));
  }
}

/** The next line's container gets ready while this line's is worked in. */
async function expectNext(line: BatchLine | undefined, machine: Machine, targets: Targets): Promise<void> {
  // One that is gone is told when its turn comes.
  const next = line && (await targets.open(containerOf(line)).catch(() => null));
  if (next) machine.expect(next);
}

/** The containers at the other end of a line's cable are no others'. */
function leaveCable(machine: Machine): void {
  machine.leave('peer');
  machine.leave('far');
}

/** Each container is looked for once, and held to the end. */
class Targets {
  private readonly known = new Map<string, Promise<Target>>();

  constructor(private readonly context: Context) {}

  open(container: ContainerRequest): Promise<Target> {
    const key = JSON.stringify(container);
    const found = this.known.get(key) ?? openTarget(container, this.context.timeout ?? LOOKUP_SECONDS);
    this.known.set(key, found);
    return found;
  }

  /** Begins to look for it; what is wrong is told when it is opened. */
  lookFor(container: ContainerRequest): void {
    this.open(container).catch(() => {});
  }
}

/** Containers that are looked for at once: runtimes answer several in the time of one. */
const LOOK_UPS = 8;

async function openAll({ add, del }: BatchLine, targets: Targets): Promise<void> {
  if (!add) {
    // One that is gone is no error for del.
    await targets.open(del.container).catch((error: unknown) => {
      if (!(error instanceof NetwireError)) throw error;
    });
    return;
  }
  await targets.open(add.container);
  if (add.parent.link.by === 'container') await targets.open(add.parent.link.container);
}

function containerOf({ add, del }: BatchLine): ContainerRequest {
  return add ? add.container : del.container;
}

function inContext({ place }: BatchLine, context: Context): Context {
  return { ...context, warn: (message) => context.warn(`${place}: ${message}`) };
}

async function inLine<T>(line: BatchLine, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw named(error, line, false);
  }
}

/** @param wasBegun earlier lines will be undone */
function named(error: unknown, { place }: BatchLine, wasBegun: boolean): unknown {
  if (!(error instanceof NetwireError)) return error;
  error.message = `${place}: ${error.message}`;
  const isTold = error instanceof LeftoverError || /everything was undone$/.test(error.message);
  if (wasBegun && !isTold) error.message += '; everything was undone';
  return error;
}
