/** The verb `show`: the interfaces of containers, netwire's and others'. */
import type { Attachment } from '../attachment.ts';
import { StateError } from '../errors.ts';
import { readPorts } from '../host/bridge-ports.ts';
import { Machine } from '../host/machine.ts';
import { release } from '../host/netns.ts';
import { hasSwitch, readSwitchOr } from '../host/open-vswitch.ts';
import { attachmentOf } from '../link/attachment.ts';
import { filters } from '../link/bridge-vlan.ts';
import { type HostView, hostSideOf, mayBeSwitchPort } from '../link/veth.ts';
import type { ShowRequest } from '../request.ts';
import { allTargets } from '../target/all.ts';
import { LOOKUP_SECONDS, openTarget, type Target } from '../target/index.ts';
import { leaveCableEnd, readCableEnd } from './cable-end.ts';
import { assertMayAdminister, type Context } from './context.ts';

/**
 * Lists the interfaces of one container or of all, as the kernel tells of them now.
 *
 * @throws ContainerError when the one asked for is not there, StateError when its interface is not
 */
export async function show(request: ShowRequest, context: Context): Promise<Attachment[]> {
  assertMayAdminister();
  const seconds = context.timeout ?? LOOKUP_SECONDS;
  const machine = new Machine({ lockSeconds: null, trace: context.trace, many: request.container === null });
  try {
    const reading = readHost(machine, context.warn);
    if (request.container !== null) {
      // The container is looked for while ip gets ready.
      const [host, target] = await Promise.all([reading, openTarget(request.container, seconds)]);
      return select(await attachments(machine, target, host, context), request);
    }
    const host = await reading;
    const found: Attachment[] = [];
    for await (const target of allTargets(seconds, context.warn))
      found.push(...(await attachments(machine, target, host, context)));
    return select(found, request);
  } finally {
    machine.close();
  }
}

async function readHost(machine: Machine, warn: Context['warn']): Promise<HostView> {
  const links = await machine.hostLinks();
  return {
    links,
    ports: links.some(filters) ? await readPorts() : new Map(),
    switchPorts: links.some(mayBeSwitchPort) && hasSwitch() ? (await readSwitchOr(warn)).ports : [],
  };
}

async function attachments(machine: Machine, target: Target, host: HostView, context: Context): Promise<Attachment[]> {
  const { facts, held } = target;
  try {
    machine.enter(target);
    const { links, ...ways } = await machine.containerFacts();
    const found: Attachment[] = [];
    for (const link of links) {
      const side = hostSideOf(link, facts, host);
      const peer = side.end === null ? await readCableEnd(link, facts, machine, null, context) : null;
      leaveCableEnd(machine);
      const attachment = attachmentOf(link, facts, ways, { ...side, peer });
      if (attachment !== null) found.push(attachment);
    }
    return found;
  } finally {
    machine.leave('container');
    release(held);
  }
}

function select(found: readonly Attachment[], { ifname, parent, container }: ShowRequest): Attachment[] {
  const selected = found.filter(
    (one) => (ifname === null || one.ifname === ifname) && (parent === null || one.parent === parent),
  );
  if (ifname !== null && !found.some((one) => one.ifname === ifname))
    throw new StateError(
      'no-such-interface',
      `${ifname}: ${container?.name} has no interface of that name`,
      `netwire show ${container?.name}`,
    );
  return selected.sort((a, b) => compare(a.container, b.container) || compare(a.ifname, b.ifname));
}

/** eth2 before eth10. */
function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
