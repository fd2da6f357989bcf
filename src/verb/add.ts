/** The verb `add`: gives a running container another interface. */
import type { Attachment } from '../attachment.ts';
import { StateError } from '../errors.ts';
import type { LinkFacts } from '../facts.ts';
import { Machine } from '../host/machine.ts';
import { inOwnWords } from '../host/own-words.ts';
import { attachmentOf } from '../link/attachment.ts';
import { resolveAdd } from '../link/index.ts';
import type { LinkKind, ResolvedAdd } from '../link/kind.ts';
import { type AddPlan, planAdd } from '../plan/add.ts';
import { differences } from '../plan/differences.ts';
import { carryOut, StepFailure } from '../plan/transaction.ts';
import type { AddRequest } from '../request.ts';
import { assertStillThere, LOOKUP_SECONDS, openTarget, type Target } from '../target/index.ts';
import { readAddFacts, readHostSide } from './add-facts.ts';
import { atWork } from './at-work.ts';
import type { Context, Planned } from './context.ts';

export interface AddResult {
  readonly attachment: Attachment;
  readonly changed: boolean;
  /** The bridge that was made along with it, or null. */
  readonly madeBridge: string | null;
}

/**
 * Attaches; the same request twice changes nothing.
 *
 * @throws a NetwireError; the machine is then as before, unless it is a LeftoverError
 */
export async function attach(request: AddRequest, context: Context): Promise<AddResult> {
  return atWork(context, async (machine, interruption) => {
    const prepared = await prepare(request, context, machine);
    const { plan, kind, resolved, madeBridge } = prepared;
    const read = () => readBack(prepared, machine);
    let attachment: Attachment | null = null;
    const verify = async () => {
      attachment = await read();
    };
    await explained(carryOut(plan, machine, interruption, verify), kind, resolved);
    attachment ??= await read();
    return { attachment, changed: plan.steps.length > 0, madeBridge };
  });
}

/** Plans the same, and changes nothing. Needs no privilege where the facts can be read without it. */
export async function planAttach(request: AddRequest, context: Context): Promise<Planned> {
  const machine = new Machine({ lockSeconds: null, trace: undefined });
  try {
    const { plan } = await prepare(request, context, machine);
    return { plan, places: machine.places };
  } finally {
    await machine.close();
  }
}

/** A request with all that was found out about it. */
interface Prepared {
  readonly target: Target;
  readonly plan: AddPlan;
  readonly kind: LinkKind;
  readonly resolved: ResolvedAdd;
  readonly parent: LinkFacts | null;
  readonly madeBridge: string | null;
}

async function prepare(request: AddRequest, context: Context, machine: Machine): Promise<Prepared> {
  const target = await openTarget(request.container, context.timeout ?? LOOKUP_SECONDS);
  machine.enter(target);
  await machine.ready();
  assertStillThere(target);
  const parent = await machine.selectLink(request.parent.link);
  const { kind, resolved } = resolveAdd(request, parent);
  const facts = await readAddFacts(kind, resolved, parent, machine, target);
  const plan = inOwnWords(planAdd(kind, resolved, facts));
  for (const warning of plan.warnings) context.warn(warning);
  const madeBridge = kind.word === 'bridge' && parent === null ? resolved.parentName : null;
  return { target, plan, kind, resolved, parent, madeBridge };
}

/**
 * Reads the link again, so that what is reported is the kernel's view and no wish.
 *
 * @throws StateError when it is not as asked, ContainerError when the container ended meanwhile
 */
async function readBack({ kind, resolved, parent, target }: Prepared, machine: Machine): Promise<Attachment> {
  const { ifname } = resolved;
  const { links, defaultRoutes } = await machine.containerFacts(ifname);
  const [link] = links;
  const host = link && (await readHostSide(link, resolved, machine, target, [parent]));
  const attachment = link && host && attachmentOf(link, target.facts, defaultRoutes, host);
  assertStillThere(target);
  if (!attachment) throw new StateError('lost', `${ifname}: it is gone again from ${target.facts.canonical}`);
  const wrong = differences(resolved, kind.expected(resolved, parent), attachment, link, host);
  if (wrong.length > 0)
    throw new StateError('not-as-asked', `${ifname}: not as asked: ${wrong.join('; ')}; everything was undone`);
  return attachment;
}

/** Says a kernel's refusal in the link kind's words, where it has better ones. */
async function explained(work: Promise<void>, kind: LinkKind, request: ResolvedAdd): Promise<void> {
  try {
    await work;
  } catch (error) {
    const why = error instanceof StateError && error.cause instanceof StepFailure ? error.cause : null;
    const better = why?.line.includes(' link add ') ? kind.explain?.(why.why, request) : null;
    if (!better) throw error;
    throw new StateError('refused', `${better}; everything was undone`, undefined, { cause: error });
  }
}
