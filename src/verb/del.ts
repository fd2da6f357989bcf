/** The verb `del`: takes an attachment back, with all that was made for it alone. */

import type { Detached } from '../documents.ts';
import { ContainerError, StateError } from '../errors.ts';
import { type LinkFacts, NO_HOST_SIDE, NO_WAYS } from '../facts.ts';
import { freshMac } from '../host/fresh-mac.ts';
import { inOwnWords } from '../host/ip-dialect.ts';
import { Machine } from '../host/machine.ts';
import { isAside, setAside } from '../link/aside.ts';
import { attachmentOf } from '../link/attachment.ts';
import { asideName } from '../link/unfinished.ts';
import { Outlook } from '../plan/outlook.ts';
import { EMPTY_PLAN, type Plan } from '../plan/step.ts';
import type { DelRequest } from '../request.ts';
import type { Target } from '../target/index.ts';
import { atWork } from './at-work.ts';
import { leaveCableEnd } from './cable-end.ts';
import type { Context, Planned } from './context.ts';
import { findLeftovers } from './leftovers.ts';
import { readHideable } from './present.ts';
import { planTakeBack } from './take-back.ts';
import { dryWork, soleWork, type Work } from './work.ts';

const NOTHING_LEFT = { other: null, bridges: [], returned: [], links: [], clients: [] };

interface Prepared extends Detached {
  readonly plan: Plan;
}

/**
 * Detaches: the one interface named, the container's only one, or with `all` one after the other. What
 * is gone already is a success, and what is left of it outside is taken along.
 *
 * @throws a NetwireError; the machine is then as before but for those that were taken back earlier,
 *   unless it is a LeftoverError
 */
export async function detach(request: DelRequest, context: Context): Promise<Detached[]> {
  return atWork(context, (machine, interruption) => detachAs(request, soleWork(machine, context, interruption)));
}

/** Detaches as part of some work. */
export async function detachAs(request: DelRequest, work: Work): Promise<Detached[]> {
  const results: Detached[] = [];
  for await (const { plan, ...result } of prepare(request, work)) {
    await work.carry(plan);
    results.push(result);
  }
  return results;
}

/** Plans the same, and changes nothing. */
export async function planDetach(request: DelRequest, context: Context): Promise<Planned[]> {
  const machine = new Machine({ lockSeconds: null, trace: undefined });
  try {
    return await planDetachAfter(request, dryWork(machine, context), new Outlook());
  } finally {
    machine.close();
  }
}

/** Plans it as it will be once other lines of a batch are carried out. */
export async function planDetachAfter(request: DelRequest, work: Work, outlook: Outlook): Promise<Planned[]> {
  const planned: Planned[] = [];
  for await (const { plan } of prepare(request, work, outlook)) planned.push({ plan, places: work.machine.places });
  return planned;
}

/**
 * Each plan is made when the one before was carried out, so that a bridge goes with its last port.
 *
 * @param outlook what will have been done before it
 */
async function* prepare(request: DelRequest, work: Work, outlook: Outlook | null = null): AsyncGenerator<Prepared> {
  const { machine, context } = work;
  let target: Target;
  try {
    target = await work.open(request.container);
  } catch (error) {
    // The links inside went with the container.
    if (!(error instanceof ContainerError) || !['no-such-container', 'not-running'].includes(error.code)) throw error;
    context.warn(`${error.message}${error.hint ? ` (${error.hint})` : ''}; nothing of it is left to take back`);
    await machine.ready();
    yield await leftovers(work);
    return;
  }
  machine.enter(target);
  machine.begin('container');
  await machine.ready();
  if (request.ifname !== null && outlook?.makes(target.facts.netns, request.ifname)) {
    context.warn(`${request.ifname}: an earlier line makes it; the commands that take it back are not told`);
    return;
  }
  const inside = await machine.containerFacts();
  const isThere = (link: LinkFacts) => !outlook?.isGone(target.facts.netns, link.ifname);
  const links = await chooseLinks(request, inside.links.filter(isThere), work, target);
  for (const link of links) {
    const facts = await machine.containerFacts();
    const { force } = request;
    const options = { force, outlook, hostLater: work.asideGroup !== null };
    const { plan, attachment, del } = await planTakeBack(link, facts, machine, target, context, options);
    outlook?.noteDel(plan, del);
    const other = attachment === null ? `${target.facts.canonical} ${link.ifname}` : null;
    if (work.asideGroup !== null) {
      const { steps, cleanup } = setAside(await readHideable(del, machine), asideName(freshMac()), work.asideGroup);
      yield { ...NOTHING_LEFT, plan: inOwnWords({ steps, cleanup }), changed: true, attachment, other };
    } else yield { ...NOTHING_LEFT, plan, changed: true, attachment, other, bridges: plan.bridges };
    if (work.asideGroup !== null) machine.leave('far');
    else leaveCableEnd(machine);
  }
  if (links.length > 0) return;
  const what = request.ifname === null ? 'interface that netwire made' : `interface ${request.ifname}`;
  context.warn(`${target.facts.canonical}: there is no ${what}; nothing of it is left to take back`);
  yield await leftovers(work);
}

/**
 * The links to take back: the one named, the container's only one of netwire's, or all of these.
 *
 * @returns none when they are gone
 * @throws StateError when it is another's, or when there are several to choose from
 */
async function chooseLinks(
  { ifname, all, force }: DelRequest,
  links: readonly LinkFacts[],
  { machine, asideGroup }: Work,
  target: Target,
): Promise<LinkFacts[]> {
  const { canonical } = target.facts;
  if (ifname !== null) {
    const named = links.find((link) => link.ifname === ifname);
    if (named && !(await isAttachment(named, machine, target))) checkForeign(named, canonical, force);
    return named ? [named] : [];
  }
  const ours: LinkFacts[] = [];
  // What a killed netwire set aside is gc's, but for --all; what this one did is gone.
  for (const link of links)
    if (!isAside(link) || (all && asideGroup === null)) if (await isAttachment(link, machine, target)) ours.push(link);
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
  return attachmentOf(link, target.facts, NO_WAYS, NO_HOST_SIDE)?.ours ?? false;
}

/** @throws StateError when another's interface may not be taken away, or cannot be deleted at all */
function checkForeign({ ifname, kind, loopback }: LinkFacts, canonical: string, force: boolean): void {
  const refuse = (why: string, hint?: string) => new StateError('not-ours', `${ifname}: ${why}`, hint);
  if (!force)
    throw refuse(`netwire did not make this interface of ${canonical}`, `netwire del --force ${canonical} ${ifname}`);
  if (loopback) throw refuse('the loopback cannot be deleted');
  if (kind === null)
    throw refuse(
      `it is a NIC that netwire did not move into ${canonical}; it cannot be deleted`,
      `netwire exec ${canonical} -- ip link set dev ${ifname} netns 1`,
    );
}

/** What is set aside is swept up later, and this along with it. */
async function leftovers({ machine, context, asideGroup }: Work): Promise<Prepared> {
  if (asideGroup !== null) return { ...NOTHING_LEFT, plan: EMPTY_PLAN, changed: false, attachment: null };
  const { steps, ...found } = await findLeftovers(machine, context.warn);
  return {
    ...found,
    other: null,
    plan: inOwnWords({ steps: [], cleanup: steps }),
    changed: steps.length > 0,
    attachment: null,
  };
}
