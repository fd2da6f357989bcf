/** The verb `wait`: until a container's link is up and has its address. */
import { StateError } from '../errors.ts';
import type { LinkFacts } from '../facts.ts';
import { Machine } from '../host/machine.ts';
import { isOurs } from '../link/mark.ts';
import { isUnfinished } from '../link/unfinished.ts';
import type { WaitRequest } from '../request.ts';
import { assertStillThere, LOOKUP_SECONDS, openTarget } from '../target/index.ts';
import { assertMayAdminister, type Context } from './context.ts';

/** Milliseconds between two looks. */
const INTERVAL = 20;

/**
 * Waits as long as `timeout` says, or for ever.
 *
 * @throws StateError when time is up; ContainerError when there is no such container, or it ends
 */
export async function waitFor({ container, ifname }: WaitRequest, context: Context): Promise<void> {
  const begin = Date.now();
  const isHere = container.runtime === 'host';
  if (!isHere) assertMayAdminister();
  const target = await openTarget(container, context.timeout ?? LOOKUP_SECONDS);
  const machine = new Machine({ lockSeconds: null, trace: undefined });
  try {
    machine.enter(target);
    for (;;) {
      assertStillThere(target);
      const link = isHere ? await machine.hostLink(ifname) : await machine.insideLink(ifname);
      const missing = whatIsMissing(link);
      if (missing === null) return;
      if (context.timeout !== null && Date.now() - begin > context.timeout * 1000)
        throw new StateError(
          'timeout',
          `${ifname}: ${missing} in ${target.facts.canonical} after ${context.timeout} s`,
          isHere ? 'ip addr' : `netwire show ${target.facts.canonical}`,
        );
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  } finally {
    machine.close();
  }
}

/** What a link still lacks; null: nothing. One of netwire's that is finished may have been asked for without an address. */
function whatIsMissing(link: LinkFacts | null): string | null {
  if (link === null) return 'there is no such link';
  if (isUnfinished(link)) return 'it is not finished';
  if (!link.up) return 'it is down';
  if (!['UP', 'UNKNOWN'].includes(link.operstate)) return 'it has no carrier';
  const addresses = link.addresses.filter(({ scope }) => scope !== 'link');
  if (addresses.some(({ tentative }) => tentative)) return 'its address is not known yet to be free';
  return addresses.length > 0 || isOurs(link.alias) ? null : 'it has no address';
}
