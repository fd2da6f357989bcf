/** Taking one link of a container back: what is known of it, and the plan. */
import type { Attachment } from '../attachment.ts';
import type { DelFacts, LinkFacts, NetnsFacts } from '../facts.ts';
import { inOwnWords } from '../host/ip-dialect.ts';
import type { Machine } from '../host/machine.ts';
import { hostPid } from '../host/netns.ts';
import { readSwitchBridge } from '../host/open-vswitch.ts';
import { attachmentOf } from '../link/attachment.ts';
import { homeOfMoved } from '../link/home.ts';
import { type DelPlan, planDel } from '../plan/del.ts';
import type { Outlook } from '../plan/outlook.ts';
import type { Target } from '../target/index.ts';
import { readHostSide } from './add-facts.ts';
import type { Context } from './context.ts';
import { rulesOf, withUsers } from './leftovers.ts';

/**
 * @param facts all links of the container's namespace, and its default routes
 * @param force a moved link is brought home whatever speaks against it
 * @param outlook what will have been done before
 * @throws StateError when it cannot be taken back
 */
export async function planTakeBack(
  link: LinkFacts,
  facts: NetnsFacts,
  machine: Machine,
  target: Target,
  context: Context,
  force: boolean,
  outlook: Outlook | null = null,
): Promise<{ plan: DelPlan; attachment: Attachment | null; del: DelFacts }> {
  const found = await readDelFacts(link, facts, machine, target, context);
  const delFacts = outlook ? outlook.overDel(found) : found;
  const plan = inOwnWords(planDel(delFacts, await rulesOf(delFacts.bridge?.link ?? null), force));
  const attachment = attachmentOf(link, target.facts, facts, delFacts.hostSide);
  return { plan, attachment, del: delFacts };
}

/** What is known of a link that is to be taken back. */
export async function readDelFacts(
  link: LinkFacts,
  facts: NetnsFacts,
  machine: Machine,
  target: Target,
  context: Context,
): Promise<DelFacts> {
  const hostSide = await readHostSide(link, machine, target, context);
  const { end, parent } = hostSide;
  const bridge = end?.master ? await machine.bridge(end.master) : null;
  // The child that goes is one of them.
  const vlanLinkUsers = parent?.kind === 'vlan' ? (await machine.usersOf(parent)) - 1 : 0;
  const switchBridge = hostSide.switchPort ? await switchBridgeOf(hostSide.switchPort.bridge, machine) : null;
  const home = homeOfMoved(link, hostSide);
  const children = home === null ? [] : facts.links.flatMap((one) => (one.link === link.ifname ? [one.ifname] : []));
  const homeTaken = home !== null && (await machine.hostLink(home.name)) !== null;
  const { links: _, ...ways } = facts;
  return {
    ...{ ...ways, target: target.facts, link, hostSide, bridge, switchBridge },
    ...{ vlanLinkUsers, homeTaken, children, hostPid: hostPid() },
  };
}

async function switchBridgeOf(name: string, machine: Machine): Promise<DelFacts['switchBridge']> {
  const found = await readSwitchBridge(name);
  return found && withUsers(found, machine);
}
