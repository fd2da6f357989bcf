/** Waiting for what the network gives. While a DHCP lease is awaited nothing is locked, and what was read is read again. */
import { type Lease, parseLease, whatWasHeard } from '../address/dhcp.ts';
import { InterruptedError, StateError } from '../errors.ts';
import { inOwnWords } from '../host/ip-dialect.ts';
import { planLease } from '../plan/add.ts';
import type { Plan } from '../plan/step.ts';
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
  const lease =
    resolved.dhcp === null ? null : await machine.unlocked(() => awaitLease({ resolved, target, facts }, work));
  assertStillThere(target);
  const { links, ...ways } = await machine.containerFacts();
  const link = links.find(({ ifname }) => ifname === resolved.ifname);
  if (!link) throw new StateError('lost', `${resolved.ifname}: it is gone again from ${target.facts.canonical}`);
  const container = { ...ways, link, elsewhere: addressesBut(link.ifname, links) };
  return inOwnWords(
    planLease(resolved, { ...facts, container }, lease, link, plan.afterLease ?? { routes: [], last: [] }),
  );
}

async function awaitLease(
  { resolved, target, facts }: Pick<Prepared, 'resolved' | 'target'> & { facts: NonNullable<Prepared['facts']> },
  { machine, interruption, context }: Work,
): Promise<Lease> {
  const { ifname } = resolved;
  const seconds = context.timeout ?? LEASE_SECONDS;
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const { stdout } = await machine.run('container', [facts.dhcp?.program ?? '', 'wait', ifname, '1']);
    if (interruption !== null && interruption.signal !== null)
      throw new InterruptedError('interrupted: everything was undone', interruption.signal);
    if (stdout.startsWith('address=')) return parseLease(stdout);
    assertStillThere(target);
    if (stdout.startsWith('gone'))
      throw new StateError('dhcp', `${ifname}: the DHCP client ended: ${lastLine(stdout)}; everything was undone`);
    if (Date.now() < deadline) continue;
    throw new StateError(
      'no-lease',
      `${ifname}: no lease within ${seconds} s: ${whatWasHeard(stdout)}; everything was undone`,
      '--timeout SECONDS',
    );
  }
}

/** Milliseconds between two looks. */
const INTERVAL = 50;

/** Until the kernel made an address of a prefix that a router advertised, and knows it to be free. */
async function awaitAdvertisement(
  { resolved, target }: Pick<Prepared, 'resolved' | 'target'>,
  { machine, interruption, context }: Work,
): Promise<void> {
  const { ifname } = resolved;
  const seconds = context.timeout ?? LEASE_SECONDS;
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    if (interruption !== null && interruption.signal !== null)
      throw new InterruptedError('interrupted: everything was undone', interruption.signal);
    assertStillThere(target);
    const link = await machine.insideLink(ifname);
    const made = link?.addresses.filter((one) => one.family === 'inet6' && one.dynamic && one.scope !== 'link') ?? [];
    if (made.some(({ tentative, dadfailed }) => !tentative && !dadfailed)) return;
    const why = made.some(({ dadfailed }) => dadfailed)
      ? 'another host has the address that was made of it'
      : 'no router advertised a prefix';
    if (Date.now() > deadline)
      throw new StateError(
        'no-lease',
        `${ifname}: no IPv6 address within ${seconds} s: ${why}; everything was undone`,
        '--timeout SECONDS',
      );
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').slice(1).at(-1) ?? 'it said nothing';
}
