/** Waiting for what the network gives. While a DHCP lease is awaited nothing is locked, and what was read is read again. */
import { type Lease, parseLease, waitCommand, whatWasHeard } from '../address/dhcp.ts';
import { InterruptedError, StateError } from '../errors.ts';
import { inOwnWords } from '../host/ip-dialect.ts';
import { planLease } from '../plan/add.ts';
import type { Plan } from '../plan/step.ts';
import type { DhcpRequest } from '../request.ts';
import { assertStillThere } from '../target/index.ts';
import type { Prepared } from './add.ts';
import { addressesBut } from './add-facts.ts';
import type { Work } from './work.ts';

/** How long to wait for a lease. */
export const LEASE_SECONDS = 30;

/**
 * Waits, and plans what the lease asks for.
 *
 * @throws StateError when there is none in time; InterruptedError after a signal
 */
export async function leasePlan(
  { resolved, target, plan, facts }: Prepared & { facts: NonNullable<Prepared['facts']> },
  work: Work,
): Promise<Plan> {
  const { machine } = work;
  // Locked: nothing but the lock says that somebody waits here. Routers answer within seconds (RFC 4861, 6.2.6).
  if (resolved.autoconf) await awaitAdvertisement({ resolved, target }, work);
  const leases =
    resolved.dhcp.length === 0 ? [] : await machine.unlocked(() => awaitLeases({ resolved, target, facts }, work));
  assertStillThere(target);
  const { links, ...ways } = await machine.containerFacts();
  const link = links.find(({ ifname }) => ifname === resolved.ifname);
  if (!link) throw new StateError('lost', `${resolved.ifname}: it is gone again from ${target.facts.canonical}`);
  const container = { ...ways, link, elsewhere: addressesBut(link.ifname, links) };
  return inOwnWords(
    planLease(resolved, { ...facts, container }, leases, link, plan.afterLease ?? { routes: [], last: [] }),
  );
}

type Awaited = Pick<Prepared, 'resolved' | 'target'> & { facts: NonNullable<Prepared['facts']> };

/** All clients are at work at once, so there is one time for them all. */
async function awaitLeases(awaited: Awaited, work: Work): Promise<Lease[]> {
  const patience = patienceOf(awaited, work);
  const leases: Lease[] = [];
  for (const one of awaited.resolved.dhcp) leases.push(await awaitLease(awaited, one, work, patience));
  if (leases.some(({ family }) => family === 'inet6')) await awaitRouter(awaited, work, patience);
  return leases;
}

/** Seconds that a router may take; the kernel asks within one, and again after four (net/ipv6/addrconf.c). */
const ROUTER_SECONDS = 6;

/** Beside DHCPv6 routers say the routes; where there is none, the address may do for its users all the same. */
async function awaitRouter({ resolved }: Awaited, { machine, context }: Work, patience: Patience): Promise<void> {
  const { ifname } = resolved;
  const deadline = Date.now() + ROUTER_SECONDS * 1000;
  const routes = ['ip', '-6', 'route', 'show', 'default', 'dev', ifname, 'proto', 'ra'];
  while (Date.now() < deadline && !patience.isOver()) {
    const { stdout } = await machine.run('container', routes);
    if (stdout !== '') return;
    patience.check();
    await new Promise((resolve) => setTimeout(resolve, 2 * INTERVAL));
  }
  context.warn(`${ifname}: no IPv6 router was heard, so its DHCPv6 address leads nowhere yet`);
}

async function awaitLease(
  { resolved, facts }: Awaited,
  asked: DhcpRequest,
  { machine }: Work,
  patience: Patience,
): Promise<Lease> {
  const { ifname } = resolved;
  for (;;) {
    const { stdout } = await machine.run('container', waitCommand(ifname, asked, facts, 1));
    patience.check();
    if (stdout.startsWith('address=')) return parseLease(stdout, asked.family);
    if (stdout.startsWith('gone'))
      throw new StateError('dhcp', `${ifname}: the DHCP client ended: ${lastLine(stdout)}; everything was undone`);
    if (patience.isOver()) throw patience.error('no lease', whatWasHeard(stdout, asked.family));
  }
}

/** How long the network is waited for. */
interface Patience {
  /** @throws InterruptedError after a signal, ContainerError when the container ended */
  check(): void;
  isOver(): boolean;
  error(what: string, why: string): StateError;
}

function patienceOf({ resolved, target }: Pick<Prepared, 'resolved' | 'target'>, work: Work): Patience {
  const { interruption, context } = work;
  const seconds = context.timeout ?? LEASE_SECONDS;
  const deadline = Date.now() + seconds * 1000;
  return {
    check: () => {
      if (interruption !== null && interruption.signal !== null)
        throw new InterruptedError('interrupted: everything was undone', interruption.signal);
      assertStillThere(target);
    },
    isOver: () => Date.now() >= deadline,
    error: (what, why) =>
      new StateError(
        'no-lease',
        `${resolved.ifname}: ${what} within ${seconds} s: ${why}; everything was undone`,
        '--timeout SECONDS',
      ),
  };
}

/** Milliseconds between two looks. */
const INTERVAL = 50;

/** Until the kernel made an address of a prefix that a router advertised, and knows it to be free. */
async function awaitAdvertisement(awaited: Pick<Prepared, 'resolved' | 'target'>, work: Work): Promise<void> {
  const patience = patienceOf(awaited, work);
  for (;;) {
    patience.check();
    const link = await work.machine.insideLink(awaited.resolved.ifname);
    const made = link?.addresses.filter((one) => one.family === 'inet6' && one.dynamic && one.scope !== 'link') ?? [];
    if (made.some(({ tentative, dadfailed }) => !tentative && !dadfailed)) return;
    const why = made.some(({ dadfailed }) => dadfailed)
      ? 'another host has the address that was made of it'
      : 'no router advertised a prefix';
    if (patience.isOver()) throw patience.error('no IPv6 address', why);
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').slice(1).at(-1) ?? 'somebody ended it';
}
