/** The verb `del`: takes an attachment back, with all that was made for it alone. */

import type { Attachment } from '../attachment.ts';
import { ContainerError, StateError } from '../errors.ts';
import { type LinkFacts, type NetnsFacts, NO_HOST_SIDE } from '../facts.ts';
import { Machine } from '../host/machine.ts';
import { inOwnWords } from '../host/own-words.ts';
import { attachmentOf } from '../link/attachment.ts';
import type { Plan } from '../plan/step.ts';
import { carryOut } from '../plan/transaction.ts';
import type { DelRequest } from '../request.ts';
import { LOOKUP_SECONDS, openTarget, type Target } from '../target/index.ts';
import { atWork } from './at-work.ts';
import type { Context, Planned } from './context.ts';
import { findLeftovers } from './leftovers.ts';
import { planTakeBack } from './take-back.ts';

export interface DelResult {
  readonly changed: boolean;
  /** What was taken back; null when it was gone already. */
  readonly attachment: Attachment | null;
  /** Bridges that went along. */
  readonly bridges: readonly string[];
  /** Links that containers had and the kernel brought back, at home again under their names. */
  readonly returned: readonly string[];
}

interface Prepared extends DelResult {
  readonly plan: Plan;
}

/**
 * Detaches. What is gone already is a success, and what is left of it outside is taken along.
 *
 * @throws a NetwireError; the machine is then as before, unless it is a LeftoverError
 */
export async function detach(request: DelRequest, context: Context): Promise<DelResult> {
  return atWork(context, async (machine, interruption) => {
    const { plan, ...result } = await prepare(request, context, machine);
    await carryOut(plan, machine, interruption);
    return result;
  });
}

/** Plans the same, and changes nothing. */
export async function planDetach(request: DelRequest, context: Context): Promise<Planned> {
  const machine = new Machine({ lockSeconds: null, trace: undefined });
  try {
    const { plan } = await prepare(request, context, machine);
    return { plan, places: machine.places };
  } finally {
    await machine.close();
  }
}

async function prepare(request: DelRequest, context: Context, machine: Machine): Promise<Prepared> {
  let target: Target;
  try {
    target = await openTarget(request.container, context.timeout ?? LOOKUP_SECONDS);
  } catch (error) {
    // The links inside went with the container.
    if (!(error instanceof ContainerError) || !['no-such-container', 'not-running'].includes(error.code)) throw error;
    context.warn(`${error.message}${error.hint ? ` (${error.hint})` : ''}; nothing of it is left to take back`);
    await machine.ready();
    return leftovers(machine, context.warn);
  }
  machine.enter(target);
  await machine.ready();
  const facts = await machine.containerFacts();
  const link = await chooseLink(request, facts, machine, target);
  if (link === null) {
    const what = request.ifname === null ? 'interface that netwire made' : `interface ${request.ifname}`;
    context.warn(`${target.facts.canonical}: there is no ${what}; nothing of it is left to take back`);
    return leftovers(machine, context.warn);
  }
  const { plan, attachment } = await planTakeBack(link, facts, machine, target, context, request.force);
  return { plan, changed: true, attachment, bridges: plan.bridges, returned: [] };
}

/**
 * The link to take back: the one named, or the container's only one of netwire's.
 *
 * @returns null when there is none
 * @throws StateError when it is another's, or when there are several to choose from
 */
async function chooseLink(
  { ifname }: DelRequest,
  { links }: NetnsFacts,
  machine: Machine,
  target: Target,
): Promise<LinkFacts | null> {
  const { canonical } = target.facts;
  if (ifname !== null) {
    const named = links.find((link) => link.ifname === ifname);
    if (named && !(await isAttachment(named, machine, target)))
      throw new StateError('not-ours', `${ifname}: netwire did not make this interface of ${canonical}`);
    return named ?? null;
  }
  const ours: LinkFacts[] = [];
  for (const link of links) if (await isAttachment(link, machine, target)) ours.push(link);
  const [one, another] = ours;
  if (one && !another) return one;
  const names = ours.map((link) => link.ifname);
  if (names.length === 0) return null;
  throw new StateError(
    'several',
    `${canonical}: it has ${names.length} interfaces that netwire made: ${names.join(', ')}`,
    `netwire del ${canonical} ${names[0]}`,
  );
}

/** Did netwire make this link? A veth is known by its host end. */
async function isAttachment(link: LinkFacts, machine: Machine, target: Target): Promise<boolean> {
  if (link.kind === 'veth' && (await machine.findHostEnd(link, target.facts, null)) !== null) return true;
  return attachmentOf(link, target.facts, [], NO_HOST_SIDE)?.ours ?? false;
}

async function leftovers(machine: Machine, warn: Context['warn']): Promise<Prepared> {
  const { steps, bridges, returned } = await findLeftovers(machine, warn);
  return {
    plan: inOwnWords({ steps: [], cleanup: steps }),
    changed: steps.length > 0,
    attachment: null,
    bridges,
    returned,
  };
}
