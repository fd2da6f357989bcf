/** The verb `add`: gives a running container another interface. */
import type { Attachment } from '../attachment.ts';
import { StateError } from '../errors.ts';
import { Machine } from '../host/machine.ts';
import { watchSignals } from '../host/signals.ts';
import { attachmentOf } from '../link/attachment.ts';
import { type AddPlan, planAdd } from '../plan/add.ts';
import { differences } from '../plan/differences.ts';
import { carryOut } from '../plan/transaction.ts';
import type { AddRequest } from '../request.ts';
import { assertStillThere, LOOKUP_SECONDS, openTarget, type Target } from '../target/index.ts';
import { readAddFacts } from './add-facts.ts';
import { assertMayAdminister, type Context, LOCK_SECONDS } from './context.ts';

export interface AddResult {
  readonly attachment: Attachment;
  readonly changed: boolean;
  /** The bridge that was made along with it, or null. */
  readonly madeBridge: string | null;
}

export interface PlannedAdd {
  readonly plan: AddPlan;
  readonly target: Target['facts'];
}

/**
 * Attaches; the same request twice changes nothing.
 *
 * @throws a NetwireError; the machine is then as before, unless it is a LeftoverError
 */
export async function attach(request: AddRequest, context: Context): Promise<AddResult> {
  assertMayAdminister();
  const interruption = watchSignals((signal) => context.warn(`${signal}: undoing`));
  const machine = new Machine({ lockSeconds: context.timeout ?? LOCK_SECONDS, trace: context.trace });
  try {
    const { target, plan, madeBridge } = await prepare(request, context, machine);
    let attachment: Attachment | null = null;
    await carryOut(plan, machine, interruption, async () => {
      attachment = await readBack(request, machine, target);
    });
    attachment ??= await readBack(request, machine, target);
    return { attachment, changed: plan.steps.length > 0, madeBridge };
  } finally {
    await machine.close();
    interruption.stop();
  }
}

/** Plans the same, and changes nothing. Needs no privilege where the facts can be read without it. */
export async function planAttach(request: AddRequest, context: Context): Promise<PlannedAdd> {
  const machine = new Machine({ lockSeconds: null, trace: undefined });
  try {
    const { target, plan } = await prepare(request, context, machine);
    return { plan, target: target.facts };
  } finally {
    await machine.close();
  }
}

async function prepare(request: AddRequest, context: Context, machine: Machine) {
  const target = await openTarget(request.container, context.timeout ?? LOOKUP_SECONDS);
  machine.enter({ held: target.held, path: target.facts.path });
  await machine.ready();
  const facts = await readAddFacts(request, machine, target);
  const plan = planAdd(request, facts);
  for (const warning of plan.warnings) context.warn(warning);
  return { target, plan, madeBridge: facts.parent === null ? request.parent.name : null };
}

/**
 * Reads the link again, so that what is reported is the kernel's view and no wish.
 *
 * @throws StateError when it is not as asked, ContainerError when the container ended meanwhile
 */
async function readBack(request: AddRequest, machine: Machine, target: Target): Promise<Attachment> {
  const { links, defaultRoutes } = await machine.containerFacts(request.ifname);
  const link = links[0];
  const end = link && (await machine.findHostEnd(link, target.facts, request.hostIfname));
  const attachment =
    link &&
    attachmentOf(link, target.facts, defaultRoutes, {
      link: end ?? null,
      master: end?.master ? await machine.hostLink(end.master) : null,
    });
  assertStillThere(target);
  if (!attachment || !end)
    throw new StateError('lost', `${request.ifname}: it is gone again from ${target.facts.canonical}`);
  const wrong = differences(request, link, end, defaultRoutes);
  if (wrong.length > 0)
    throw new StateError('not-as-asked', `${request.ifname}: not as asked: ${wrong.join('; ')}; everything was undone`);
  return attachment;
}
