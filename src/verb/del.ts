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
import { leaveCableEnd } from './cable-end.ts';
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
  /** Links without a user that went as well. */
  readonly links: readonly string[];
}

const NOTHING_LEFT = { bridges: [], returned: [], links: [] };

interface Prepared extends DelResult {
  readonly plan: Plan;
}

/**
 * Detaches: the one interface named, the container's only one, or with `all` one after the other. What
 * is gone already is a success, and what is left of it outside is taken along.
 *
 * @throws a NetwireError; the machine is then as before but for those that were taken back earlier,
 *   unless it is a LeftoverError
 */
export async function detach(request: DelRequest, context: Context): Promise<DelResult[]> {
  return atWork(context, async (machine, interruption) => {
    const results: DelResult[] = [];
    for await (const { plan, ...result } of prepare(request, context, machine)) {
      await carryOut(plan, machine, interruption);
      results.push(result);
    }
    return results;
  });
}

/** Plans the same, and changes nothing. */
export async function planDetach(request: DelRequest, context: Context): Promise<Planned[]> {
  const machine = new Machine({ lockSeconds: null, trace: undefined });
  const planned: Planned[] = [];
  try {
    for await (const { plan } of prepare(request, context, machine)) planned.push({ plan, places: machine.places });
    return planned;
  } finally {
    await machine.close();
  }
}

/** Each plan is made when the one before was carried out, so that a bridge goes with its last port. */
async function* prepare(request: DelRequest, context: Context, machine: Machine): AsyncGenerator<Prepared> {
  let target: Target;
  try {
    target = await openTarget(request.container, context.timeout ?? LOOKUP_SECONDS);
  } catch (error) {
    // The links inside went with the container.
    if (!(error instanceof ContainerError) || !['no-such-container', 'not-running'].includes(error.code)) throw error;
    context.warn(`${error.message}${error.hint ? ` (${error.hint})` : ''}; nothing of it is left to take back`);
    await machine.ready();
    yield await leftovers(machine, context.warn);
    return;
  }
  machine.enter(target);
  await machine.ready();
  const links = await chooseLinks(request, await machine.containerFacts(), machine, target);
  for (const link of links) {
    const facts = await machine.containerFacts();
    const { plan, attachment } = await planTakeBack(link, facts, machine, target, context, request.force);
    yield { ...NOTHING_LEFT, plan, changed: true, attachment, bridges: plan.bridges };
    leaveCableEnd(machine);
  }
  if (links.length > 0) return;
  const what = request.ifname === null ? 'interface that netwire made' : `interface ${request.ifname}`;
  context.warn(`${target.facts.canonical}: there is no ${what}; nothing of it is left to take back`);
  yield await leftovers(machine, context.warn);
}

/**
 * The links to take back: the one named, the container's only one of netwire's, or all of these.
 *
 * @returns none when they are gone
 * @throws StateError when it is another's, or when there are several to choose from
 */
async function chooseLinks(
  { ifname, all }: DelRequest,
  { links }: NetnsFacts,
  machine: Machine,
  target: Target,
): Promise<LinkFacts[]> {
  const { canonical } = target.facts;
  if (ifname !== null) {
    const named = links.find((link) => link.ifname === ifname);
    if (named && !(await isAttachment(named, machine, target)))
      throw new StateError('not-ours', `${ifname}: netwire did not make this interface of ${canonical}`);
    return named ? [named] : [];
  }
  const ours: LinkFacts[] = [];
  for (const link of links) if (await isAttachment(link, machine, target)) ours.push(link);
  if (all || ours.length <= 1) return ours;
  const names = ours.map((link) => link.ifname);
  throw new StateError(
    'several',
    `${canonical}: it has ${names.length} interfaces that netwire made: ${names.join(', ')}`,
    `netwire del ${canonical} ${names[0]}, or --all`,
  );
}

/** Did netwire make this link? A veth is known by its host end. */
async function isAttachment(link: LinkFacts, machine: Machine, target: Target): Promise<boolean> {
  if (link.kind === 'veth' && (await machine.findHostEnd(link, target.facts, null)) !== null) return true;
  return attachmentOf(link, target.facts, [], NO_HOST_SIDE)?.ours ?? false;
}

async function leftovers(machine: Machine, warn: Context['warn']): Promise<Prepared> {
  const { steps, ...found } = await findLeftovers(machine, warn);
  return { ...found, plan: inOwnWords({ steps: [], cleanup: steps }), changed: steps.length > 0, attachment: null };
}
