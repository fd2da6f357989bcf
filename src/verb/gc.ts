/** The verb `gc`: takes away what dead containers and killed netwires left. */
import { abandonedSteps } from '../address/abandoned-routes.ts';
import { DEMOTION } from '../address/default-route.ts';
import { clientsOf } from '../address/dhcp.ts';
import { abandonedRuleSteps } from '../address/own-routes.ts';
import { InterruptedError, LeftoverError, StateError } from '../errors.ts';
import type { LinkFacts } from '../facts.ts';
import { inOwnWords } from '../host/ip-dialect.ts';
import { Machine } from '../host/machine.ts';
import { release } from '../host/netns.ts';
import { markedGateways } from '../link/mark.ts';
import { isUnfinished } from '../link/unfinished.ts';
import type { Plan } from '../plan/step.ts';
import { carryOut, type Interruption } from '../plan/transaction.ts';
import { allTargets } from '../target/all.ts';
import { LOOKUP_SECONDS, type Target } from '../target/index.ts';
import { atWork } from './at-work.ts';
import { leaveCableEnd } from './cable-end.ts';
import type { Context, Planned } from './context.ts';
import { findLeftovers, type Leftovers } from './leftovers.ts';
import { planTakeBack } from './take-back.ts';

export interface GcResult extends Omit<Leftovers, 'steps'> {
  /** Unfinished interfaces, as `CONTAINER IFNAME`. */
  readonly interfaces: readonly string[];
  /** Containers whose default routes were still demoted. */
  readonly routes: readonly string[];
  readonly changed: boolean;
}

/** What is done with each plan: carried out, or printed. */
type Sweep = (plan: Plan) => Promise<void>;

/** Displacers one above the other whose routes are brought up again; each takes a look of its own. */
const LEVELS = 50;

/**
 * Collects.
 *
 * @throws LeftoverError or StateError when something could not be taken away, though the rest was;
 *   InterruptedError after a signal
 */
export async function collect(context: Context): Promise<GcResult> {
  return atWork(context, (machine, interruption) => collectOn(machine, context, interruption), true);
}

/** Plans the same, and changes nothing; what follows from a container's part only is not seen. */
export async function planCollect(context: Context): Promise<Planned[]> {
  const machine = new Machine({ lockSeconds: null, trace: undefined, many: true });
  const planned: Planned[] = [];
  try {
    await sweep(machine, context, everyTarget(context), async (plan) => {
      planned.push({ plan, places: machine.places });
    });
    return planned;
  } finally {
    machine.close();
  }
}

async function collectOn(machine: Machine, context: Context, interruption: Interruption): Promise<GcResult> {
  await machine.ready();
  return sweep(machine, context, everyTarget(context), (plan) => {
    if (interruption.signal !== null)
      throw new InterruptedError('interrupted: the rest is left as it was', interruption.signal);
    return carryOut(plan, machine, interruption);
  });
}

/** Each is let go when the next is asked for. */
async function* everyTarget({ timeout, warn }: Context): AsyncGenerator<Target> {
  for await (const target of allTargets(timeout ?? LOOKUP_SECONDS, warn)) {
    yield target;
    release(target.held);
  }
}

/**
 * Takes away what is left in containers, and then on the host.
 *
 * @param isThorough also rules that no link tells of; and each container's part tells of all that goes
 *   with it on the host, for where nothing is carried out. Else it is what this very netwire left.
 * @throws as `collect` does
 */
export async function sweep(
  machine: Machine,
  context: Context,
  targets: AsyncIterable<Target> | Iterable<Target>,
  work: Sweep,
  isThorough = true,
): Promise<GcResult> {
  const interfaces: string[] = [];
  const bridges: string[] = [];
  const routes: string[] = [];
  const left: string[] = [];
  const refused: string[] = [];
  // What cannot be had is no reason to leave the rest.
  const note = (error: unknown, what: string) => {
    if (error instanceof LeftoverError) left.push(...error.left);
    else if (error instanceof StateError) refused.push(`${what}: ${error.message}`);
    else throw error;
  };
  for await (const target of targets) {
    machine.enter(target);
    try {
      const taken = await takeUnfinished(target, machine, context, work, isThorough);
      interfaces.push(...taken.interfaces);
      bridges.push(...taken.bridges);
      if (taken.mayHaveDemoted && (await bringUpRoutes(machine, work, isThorough))) routes.push(target.facts.canonical);
    } catch (error) {
      note(error, target.facts.canonical);
    } finally {
      leaveCableEnd(machine);
      machine.leave('container');
    }
  }
  const { steps, ...leftovers } = await findLeftovers(machine, context.warn);
  try {
    if (steps.length > 0) await work(inOwnWords({ steps: [], cleanup: steps }));
  } catch (error) {
    note(error, 'host');
  }
  if (left.length > 0) throw new LeftoverError('not everything could be taken away', left);
  if (refused.length > 0) throw new StateError('gc', `not everything could be taken away: ${refused.join('; ')}`);
  const changed = interfaces.length + routes.length + steps.length > 0;
  return { ...leftovers, bridges: [...bridges, ...leftovers.bridges], interfaces, routes, changed };
}

async function takeUnfinished(target: Target, machine: Machine, context: Context, work: Sweep, isThorough: boolean) {
  const taken = { interfaces: [] as string[], bridges: [] as string[] };
  let facts = await machine.containerFacts();
  const { links, dhcpClients } = facts;
  const isAwaited = (link: LinkFacts) => clientsOf(link, dhcpClients).some((client) => client.isAwaited);
  for (const link of links.filter((one) => isUnfinished(one) && !isAwaited(one))) {
    if (taken.interfaces.length > 0) facts = await machine.containerFacts();
    const { plan } = await planTakeBack(link, facts, machine, target, context, { hostLater: !isThorough });
    await work(plan);
    taken.interfaces.push(`${target.facts.canonical} ${link.ifname}`);
    taken.bridges.push(...plan.bridges);
  }
  // Nothing stands a million up: nothing is to be brought up.
  const mayHaveDemoted = isThorough || facts.defaultRoutes.some(({ metric }) => metric >= DEMOTION);
  return { ...taken, mayHaveDemoted };
}

async function bringUpRoutes(machine: Machine, work: Sweep, isThorough: boolean): Promise<boolean> {
  let before = '';
  for (let level = 0; level < LEVELS; level++) {
    const { links, defaultRoutes, ownRules } = await machine.containerFacts(undefined, 'container', isThorough);
    const displacers = links.map(({ ifname, alias }) => ({ ifname, families: markedGateways(alias) }));
    const steps = [
      ...abandonedSteps('container', displacers, defaultRoutes),
      ...abandonedRuleSteps('container', links, ownRules),
    ];
    const now = JSON.stringify(steps);
    // The same again: it is only planned, or the kernel would not have it.
    if (steps.length === 0 || now === before) return level > 0;
    before = now;
    await work(inOwnWords({ steps, cleanup: [] }));
  }
  return true;
}
