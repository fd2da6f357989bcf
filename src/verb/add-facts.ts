/** What planning an `add` needs to know, read off the machine. */
import type { AddFacts, ContainerFacts, LinkFacts } from '../facts.ts';
import { filtersBridges, forwards, readFirewall } from '../host/firewall.ts';
import { freshMac } from '../host/fresh-mac.ts';
import type { Machine } from '../host/machine.ts';
import { glanceAtContainer } from '../host/proc-net.ts';
import { isOurs, markedFirewall } from '../link/mark.ts';
import { defaultHostIfname } from '../link/veth.ts';
import type { AddRequest } from '../request.ts';
import type { Target } from '../target/index.ts';

/** Reads the facts; only what this request needs, by name, nothing is dumped. */
export async function readAddFacts(request: AddRequest, machine: Machine, target: Target): Promise<AddFacts> {
  const hostIfname = request.hostIfname ?? defaultHostIfname(request.ifname, target.facts);
  const container = await readContainer(request, machine, target);
  const parent = await machine.hostLink(request.parent.name);
  const hostLink = container.link && (await machine.findHostEnd(container.link, target.facts, request.hostIfname));
  return {
    target: target.facts,
    container,
    parent,
    hostLink,
    hostIfnameTaken: container.link === null && (await machine.hostLink(hostIfname)) !== null,
    firewall: container.link === null && mustReadFirewall(parent) ? await readFirewall() : [],
    freshMac: { link: freshMac(), bridge: freshMac() },
  };
}

async function readContainer(request: AddRequest, machine: Machine, target: Target): Promise<ContainerFacts> {
  const families = request.addresses.flatMap(({ family, gateway }) => (gateway === null ? [] : [family]));
  const glance = glanceAtContainer(target.held, request.ifname, families);
  if (glance !== null) return glance;
  const { links, defaultRoutes } = await machine.containerFacts();
  return {
    ifnames: links.map(({ ifname }) => ifname),
    link: links.find(({ ifname }) => ifname === request.ifname) ?? null,
    defaultRoutes,
  };
}

/**
 * Asking the firewall costs two processes. A bridge of ours was looked after when it was made; only
 * a Docker that was started since can have closed the firewall, and it switches forwarding on when
 * it does.
 */
function mustReadFirewall(parent: LinkFacts | null): boolean {
  if (!filtersBridges()) return false;
  if (parent === null || !isOurs(parent.alias)) return true;
  return markedFirewall(parent.alias).length === 0 && forwards();
}
