/** What PARENT names, on the machine as it is. */
import { StateError } from '../errors.ts';
import type { LinkFacts } from '../facts.ts';
import type { Machine } from '../host/machine.ts';
import { hasSwitch, readSwitchBridge } from '../host/open-vswitch.ts';
import { markedHome } from '../link/home.ts';
import { isIfname } from '../link/ifname.ts';
import { maySwitch } from '../link/index.ts';
import type { Outlook } from '../plan/outlook.ts';
import type { AddRequest } from '../request.ts';
import type { Target } from '../target/index.ts';
import type { FoundParent } from './add-facts.ts';

/** A link that is to be moved again, back from a container that died, under another name than its own. */
async function findReturned({ kind, link }: AddRequest['parent'], machine: Machine): Promise<LinkFacts | null> {
  if (kind !== 'phys' || link.by !== 'name') return null;
  const links = await machine.hostLinks();
  return links.find(({ alias }) => markedHome(alias)?.name === link.name) ?? null;
}

/** Looks at what PARENT names; the switch is asked only when it may be meant. */
export async function findParent(
  { parent }: AddRequest,
  machine: Machine,
  target: Target | null,
  outlook: Outlook | null,
): Promise<FoundParent> {
  const said = parent.link.by === 'name' ? parent.link.name : null;
  const later = said === null ? null : (outlook?.link(said) ?? null);
  const link = (await machine.selectLink(parent.link)) ?? (await findReturned(parent, machine)) ?? later;
  if (link !== null && !isIfname(link.ifname))
    throw new StateError(
      'name',
      `parent ${link.ifname}: a link of such a name is not supported`,
      'ip link set ... name',
    );
  const name = link?.ifname ?? said;
  const isAsked = name !== null && maySwitch(parent, link) && hasSwitch();
  const there = isAsked ? await readSwitchBridge(name) : null;
  const switchBridge = there ?? (name === null ? null : (outlook?.switchBridge(name) ?? null));
  return { link, switchBridge, peer: target?.facts ?? null, target };
}
