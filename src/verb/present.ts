/** What is known of an attachment that is to be changed. */
import type { DelFacts, LinkFacts, NetnsFacts } from '../facts.ts';
import type { Machine } from '../host/machine.ts';
import type { Inside } from '../host/sessions.ts';
import { endSysctls } from '../link/end-changes.ts';
import type { HideableEndFacts, HideableFacts, PresentFacts } from '../present-facts.ts';
import type { Target } from '../target/index.ts';
import type { Context } from './context.ts';
import { rulesOf } from './leftovers.ts';
import { readDelFacts } from './take-back.ts';

/** @param inside all links of the container's namespace, and its default routes */
export async function readPresent(
  link: LinkFacts,
  inside: NetnsFacts,
  machine: Machine,
  target: Target,
  context: Context,
): Promise<PresentFacts> {
  return readPresentOf(await readDelFacts(link, inside, machine, target, context), machine);
}

async function readPresentOf(del: DelFacts, machine: Machine): Promise<PresentFacts> {
  const { bridge, hostSide } = del;
  const { end, farEnd } = await readHideable(del, machine);
  const { peer } = hostSide;
  return {
    del,
    firewall: await rulesOf(bridge?.link ?? null, machine),
    end: { ...end, sysctls: await machine.sysctls(endSysctls(del.link.ifname), 'container') },
    farEnd: peer && farEnd && { ...farEnd, sysctls: await machine.sysctls(endSysctls(peer.link.ifname), 'far') },
  };
}

/** What setting it aside needs, where it is known what taking it back needs. */
export async function readHideable(del: DelFacts, machine: Machine): Promise<HideableFacts> {
  const { peer } = del.hostSide;
  return {
    del,
    end: await readEnd(del.link, machine, 'container'),
    farEnd: peer && (await readEnd(peer.link, machine, 'far')),
  };
}

async function readEnd(link: LinkFacts, machine: Machine, place: Inside): Promise<HideableEndFacts> {
  return {
    routes: await machine.routesBy(link, place),
    neighbours: await machine.neighboursOn(link, place),
  };
}
