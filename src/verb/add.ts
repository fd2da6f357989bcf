/** What the verb `add` does: from request to result. */
import { applyStep } from '../address/dhcp.ts';
import type { Attachment } from '../attachment.ts';
import { StateError } from '../errors.ts';
import type { AddFacts, AddressFacts, ContainerFacts } from '../facts.ts';
import { inOwnWords } from '../host/ip-dialect.ts';
import { attachmentOf } from '../link/attachment.ts';
import { resolveAdd } from '../link/index.ts';
import type { LinkKind, ResolvedAdd } from '../link/kind.ts';
import { isUnfinished } from '../link/unfinished.ts';
import { defaultHostIfname } from '../link/veth.ts';
import { type AddPlan, planAdd } from '../plan/add.ts';
import { differences } from '../plan/differences.ts';
import type { Outlook } from '../plan/outlook.ts';
import { EMPTY_PLAN, type Plan } from '../plan/step.ts';
import type { AddRequest } from '../request.ts';
import { assertStillThere, type Target } from '../target/index.ts';
import { type FoundParent, readAddFacts, readHostSide } from './add-facts.ts';
import type { Context, Planned } from './context.ts';
import { findParent } from './find-parent.ts';
import { LEASE_SECONDS, leasePlan } from './lease.ts';
import { parentHelp } from './parent-help.ts';
import { readPresent } from './present.ts';
import { explained } from './refusal.ts';
import type { AddResult } from './result.ts';
import { planTakeBack } from './take-back.ts';
import type { Work } from './work.ts';

/**
 * Attaches as part of some work; the same request twice changes nothing.
 *
 * @param known what was found out and planned a moment ago; null: nothing
 */
export async function attachAs(request: AddRequest, work: Work, known: Prepared | null = null): Promise<AddResult> {
  const prepared = known === null ? await prepare(request, work) : enterAgain(known, work);
  const { plan, kind, resolved, madeBridge } = prepared;
  const read = () => readBack(prepared, work);
  let attachment: Attachment | null = null;
  const verify: Parameters<Work['carry']>[1] = async (more) => {
    if (prepared.facts && plan.afterLease) await more(await leasePlan({ ...prepared, facts: prepared.facts }, work));
    if (prepared.plan.steps.length > 0) await awaitDetection(prepared, work);
    attachment = await read();
  };
  await explained(work.carry(plan, verify), kind, resolved);
  attachment ??= await read();
  return { attachment, changed: plan.steps.length > 0, madeBridge };
}

/** Plans the same. */
export async function planAttachBy(request: AddRequest, work: Work): Promise<Planned> {
  return { plan: asPrinted(await prepare(request, work), work.context), places: work.machine.places };
}

/** Plans it as it will be once other lines of a batch are carried out. */
export async function planAttachAfter(request: AddRequest, work: Work, outlook: Outlook): Promise<Planned> {
  const { prepared } = await prepareAfter(request, work, outlook);
  return { plan: asPrinted(prepared, work.context), places: work.machine.places };
}

/**
 * Looks and plans as if other lines of a batch were carried out.
 *
 * @returns also whether the plan is the same when they are: then there is no need to look again
 */
export async function prepareAfter(request: AddRequest, work: Work, outlook: Outlook) {
  const prepared = await prepare(request, work, outlook);
  const { plan, resolved, facts } = prepared;
  const isWhole = facts !== null && facts.overlooked === undefined && plan.afterLease === undefined;
  const isSettled = isWhole && outlook.leavesAlone(plan, facts, resolved);
  if (facts !== null) outlook.noteAdd(plan, facts, resolved);
  return { prepared, isSettled };
}

/** Goes where it was planned for. */
function enterAgain(known: Prepared, { machine, context }: Work): Prepared {
  machine.enter(known.target);
  machine.begin('container');
  assertStillThere(known.target);
  for (const warning of known.plan.warnings) context.warn(warning);
  return known;
}

/** What a lease will say is not known: a shell waits for it, and sets it, where netwire would. */
function asPrinted({ plan, resolved, facts }: Prepared, { timeout }: Context): Plan {
  if (!plan.afterLease || facts === null) return plan;
  const seconds = timeout ?? LEASE_SECONDS;
  const apply = resolved.dhcp.map((one) => applyStep(resolved.ifname, one, facts, seconds));
  return { ...plan, steps: [...plan.steps, ...apply, ...plan.afterLease.routes, ...plan.afterLease.last] };
}

/** Seconds that duplicate address detection may take: one question and a second (net/ipv6/addrconf.c), after a random delay of at most one. */
const DETECTION_SECONDS = 5;

/** Waits until the kernel knows whether somebody else has an IPv6 address; what it found is seen when all is read again. */
async function awaitDetection({ resolved }: Prepared, { machine }: Work): Promise<void> {
  const asked = new Set(resolved.addresses.flatMap(({ dad, local }) => (dad ? [local] : [])));
  // What a server gave is asked for as well (RFC 8415, section 18.2.10.1).
  const isLeased = resolved.dhcp.some(({ family }) => family === 'inet6');
  if (asked.size === 0 && !isLeased) return;
  const isAsked = ({ local, prefixlen }: AddressFacts) => asked.has(local) || (isLeased && prefixlen === 128);
  const deadline = Date.now() + DETECTION_SECONDS * 1000;
  while (Date.now() < deadline) {
    const link = await machine.insideLink(resolved.ifname);
    // The kernel takes an address that has a lifetime away where another host has it.
    if (isLeased && link?.addresses.every(({ prefixlen }) => prefixlen !== 128))
      throw new StateError(
        'address-taken',
        `${resolved.ifname}: another host has the address that the DHCPv6 server gave; everything was undone`,
      );
    if (!link?.addresses.some((one) => isAsked(one) && one.tentative && !one.dadfailed)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A request with all that was found out about it. */
export interface Prepared {
  readonly target: Target;
  readonly plan: AddPlan;
  readonly kind: LinkKind;
  readonly resolved: ResolvedAdd;
  readonly parent: FoundParent;
  /** Null: an earlier line of the batch makes just this. */
  readonly facts: AddFacts | null;
  readonly madeBridge: string | null;
}

/** @param outlook what will have been done before it */
async function prepare(request: AddRequest, work: Work, outlook: Outlook | null = null): Promise<Prepared> {
  try {
    return await prepareAs(request, work, outlook);
  } catch (error) {
    throw parentHelp(error, request);
  }
}

async function prepareAs(request: AddRequest, work: Work, outlook: Outlook | null): Promise<Prepared> {
  const { machine, context } = work;
  const target = await work.open(request.container);
  machine.enter(target);
  if (work.interruption !== null) machine.begin('container');
  const { link: selector } = request.parent;
  const peer = selector.by === 'container' ? await work.open(selector.container) : null;
  if (peer !== null) machine.enter(peer, 'peer');
  if (peer !== null && work.interruption !== null) machine.begin('peer');
  await machine.ready();
  assertStillThere(target);
  if (peer !== null) assertStillThere(peer);
  const look = () => lookAt(request, work, target, peer, outlook);
  let looked = await look();
  const deadline = Date.now() + (context.timeout ?? LEASE_SECONDS) * 1000;
  while (isAwaited(looked.facts.container)) {
    if (work.sweep === null || Date.now() > deadline)
      throw new StateError(
        'busy',
        `${looked.resolved.ifname}: another netwire waits for a lease on it`,
        '--timeout SECONDS',
      );
    await machine.unlocked(() => new Promise((resolve) => setTimeout(resolve, AWAITED_INTERVAL)));
    looked = await look();
  }
  const { container, overlooked } = looked.facts;
  const unfinished = overlooked ?? (container.link !== null && isUnfinished(container.link) ? container.link : null);
  if (unfinished !== null) {
    context.warn(`${unfinished.ifname}: a netwire that was killed left it unfinished; it is made anew`);
    if (work.sweep !== null) {
      const { plan } = await planTakeBack(unfinished, await machine.containerFacts(), machine, target, context);
      await work.sweep(plan);
      looked = await look();
    }
  }
  const { kind, resolved, parent } = looked;
  const facts = outlook ? outlook.over(looked.facts, resolved) : looked.facts;
  if (facts === null && request.replace)
    context.warn(`${resolved.ifname}: an earlier line makes it; the commands that change it are not told`);
  const plan = inOwnWords(facts === null ? { ...EMPTY_PLAN, warnings: [] } : planAdd(kind, resolved, facts));
  for (const warning of plan.warnings) context.warn(warning);
  const isThere = parent.link !== null || parent.switchBridge !== null;
  const madeBridge = kind.makesBridge && !isThere ? resolved.parentName : null;
  return { target, plan, kind, resolved, parent, facts, madeBridge };
}

/** Milliseconds between two looks at an interface that another netwire awaits a lease on. */
const AWAITED_INTERVAL = 100;

function isAwaited({ link, dhcpClients }: ContainerFacts): boolean {
  if (link === null || !isUnfinished(link)) return false;
  return dhcpClients.some((client) => client.isAwaited && client.ifname === link.ifname);
}

/** What there is at the moment. */
async function lookAt(
  request: AddRequest,
  { machine, context, sweep }: Work,
  target: Target,
  peer: Target | null,
  outlook: Outlook | null,
) {
  const parent = await findParent(request, machine, peer, outlook);
  const { kind, resolved } = resolveAdd(request, parent);
  const facts = await readAddFacts(kind, resolved, parent, machine, target, context, sweep === null);
  const { link } = facts.container;
  if (!request.replace || link === null || isUnfinished(link)) return { parent, kind, resolved, facts };
  const present = await readPresent(link, await machine.containerFacts(), machine, target, context);
  return { parent, kind, resolved, facts: { ...facts, present } };
}

/**
 * Reads the link again, so that what is reported is the kernel's view and no wish.
 *
 * @throws StateError when it is not as asked, ContainerError when the container ended meanwhile
 */
async function readBack({ kind, resolved, parent, target }: Prepared, { machine, context }: Work): Promise<Attachment> {
  const { ifname } = resolved;
  const likely = kind.needs.includes('host-ifname')
    ? [resolved.hostIfname ?? defaultHostIfname(ifname, target.facts), resolved.parentName]
    : [];
  // Both to their end: who undoes what failed talks to the host next.
  const [inside, outside] = await Promise.allSettled([machine.containerFacts(ifname), machine.foresee(likely)]);
  if (inside.status === 'rejected') throw inside.reason;
  if (outside.status === 'rejected') throw outside.reason;
  const { links, ...ways } = inside.value;
  const [link] = links;
  const host =
    link &&
    (await readHostSide(link, machine, target, context, {
      ...{ hostIfname: resolved.hostIfname, candidates: [parent.link], peer: parent.target },
    }));
  const attachment = link && host && attachmentOf(link, target.facts, ways, host);
  assertStillThere(target);
  if (parent.target !== null) assertStillThere(parent.target);
  if (!attachment) throw new StateError('lost', `${ifname}: it is gone again from ${target.facts.canonical}`);
  const wrong = differences(resolved, kind.expected(resolved, parent.link, link), attachment, link, ways, host);
  if (wrong.length > 0)
    throw new StateError('not-as-asked', `${ifname}: not as asked: ${wrong.join('; ')}; everything was undone`);
  return attachment;
}
