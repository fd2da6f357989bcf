/** The verb `batch`: many command lines, as one transaction or each for itself. */
import type { Detached } from '../documents.ts';
import { InterruptedError, LeftoverError, NetwireError } from '../errors.ts';
import { ipIsBusybox } from '../host/ip-dialect.ts';
import type { Machine } from '../host/machine.ts';
import { asideGroup } from '../link/unfinished.ts';
import { onHost, type Plan } from '../plan/step.ts';
import { carryOut, type Interruption, StepFailure, Transaction } from '../plan/transaction.ts';
import type { BatchLine } from '../request.ts';
import type { Target } from '../target/index.ts';
import { attachAs, type Prepared } from './add.ts';
import { atWork } from './at-work.ts';
import { containerOf, inContext, leaveCable, named } from './batch-line.ts';
import { checkAhead, planOn } from './batch-plan.ts';
import { Targets } from './batch-targets.ts';
import type { Context } from './context.ts';
import { Crew } from './crew.ts';
import { detachAs } from './del.ts';
import { type GcResult, sweep } from './gc.ts';
import type { AddResult } from './result.ts';
import { soleWork, type Work } from './work.ts';

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
      await targets.openAll(lines);
      await machine.ready();
      const ready = await checkAhead(lines, machine, context, targets);
      const transaction = new Transaction(machine, interruption);
      const touched = new Set<Target>();
      const group = asideGroup(Math.random());
      const workOf = (line: BatchLine, own: Machine): Work => ({
        machine: own,
        context: inContext(line, context),
        open: (container) => targets.open(container),
        async carry(plan, verify) {
          await transaction.run(plan.steps, verify, own);
          // What remains is looked for again at the end: other lines may need it by then.
          if (plan.cleanup.length > 0 || (line.del && plan.steps.length > 0))
            touched.add(await targets.open(containerOf(line)));
        },
        interruption,
        sweep: (plan) => carryOut(plan, own, interruption),
        asideGroup: group,
      });
      const results = new Map<BatchLine, LineResult>();
      const crew = new Crew(machine, () => transaction.isHalted);
      const obeyed = async (line: BatchLine, own: Machine, prepared: Prepared | null) => {
        const wasBegun = transaction.isBegun;
        try {
          results.set(line, await obey(line, workOf(line, own), prepared));
        } catch (error) {
          throw named(error, line, wasBegun);
        }
        onLine(results.size);
      };
      try {
        for (const [i, line] of lines.entries()) {
          const prepared = ready.of(line);
          if (prepared !== null) {
            await crew.begin((own) => obeyed(line, own, prepared));
            continue;
          }
          await crew.settle();
          leaveCable(machine);
          const next = lines[i + 1];
          await expectNext(next, machine, targets);
          await obeyed(line, machine, null);
          // What it made, a bridge above all, is there for the others now.
          if (next && !ready.has(next)) await planOn(lines.slice(i + 1), machine, context, targets, ready);
        }
        await crew.settle();
      } catch (error) {
        await transaction.fail(error);
      }
      const isDone = lines.some(({ del }) => del) || touched.size > 0;
      const swept = isDone ? await finish(machine, context, touched, group, interruption) : null;
      return { results: lines.flatMap((line) => results.get(line) ?? []), swept };
    },
    true,
  );
}

/**
 * From here on nothing is undone: what was set aside goes.
 *
 * @throws LeftoverError when it could not be taken away
 */
async function finish(
  machine: Machine,
  context: Context,
  touched: Iterable<Target>,
  group: string,
  interruption: Interruption,
) {
  leaveCable(machine);
  // The rest, and what that did not take, is looked for one by one.
  if (!ipIsBusybox()) await machine.execute(onHost(['ip', 'link', 'del', 'group', group])).catch(ignoreFailure);
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

async function obey(line: BatchLine, work: Work, prepared: Prepared | null = null): Promise<LineResult> {
  return line.add
    ? { line, added: await attachAs(line.add, work, prepared) }
    : { line, removed: await detachAs(line.del, work) };
}

/** There may be no link of that group. */
function ignoreFailure(error: unknown): void {
  if (!(error instanceof StepFailure)) throw error;
}

/** The next line's container gets ready while this line's is worked in. */
async function expectNext(line: BatchLine | undefined, machine: Machine, targets: Targets): Promise<void> {
  // One that is gone is told when its turn comes.
  const next = line && (await targets.open(containerOf(line)).catch(() => null));
  if (next) machine.expect(next);
}
