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

interface TakeBackOptions {
  /** A moved link is brought home whatever speaks against it. */
  readonly force?: boolean;
  /** What will have been done before. */
  readonly outlook?: Outlook | null;
  /** Its bridge or VLAN link stays for now: whether it goes is seen when all that goes has gone. */
  readonly hostLater?: boolean;
}

/**
 * @param facts all links of the container's namespace, and its default routes
 * @throws StateError when it cannot be taken back
 */
export async function planTakeBack(
  link: LinkFacts,
  facts: NetnsFacts,
  machine: Machine,
  target: Target,
  context: Context,
  { force = false, outlook = null, hostLater = false }: TakeBackOptions = {},
): Promise<{ plan: DelPlan; attachment: Attachment | null; del: DelFacts }> {
  const found = await readDelFacts(link, facts, machine, target, context, hostLater);
  const delFacts = outlook ? outlook.overDel(found) : found;
  const plan = inOwnWords(planDel(delFacts, await rulesOf(delFacts.bridge?.link ?? null, machine), force));
  const attachment = attachmentOf(link, target.facts, facts, delFacts.hostSide);
  return { plan, attachment, del: delFacts };
}

/**
 * What is known of a link that is to be taken back.
 *
 * @param hostLater its bridge is not looked at, and its VLAN link counts as in use
 */
export async function readDelFacts(
  link: LinkFacts,
  facts: NetnsFacts,
  machine: Machine,
  target: Target,
  context: Context,
  hostLater = false,
): Promise<DelFacts> {
  const hostSide = await readHostSide(link, machine, target, context);
  const { end, parent } = hostSide;
  const bridge = end?.master && !hostLater ? await machine.bridge(end.master) : null;
  // The child that goes is one of them.
  const isOnVlanLink = parent?.kind === 'vlan';
  const vlanLinkUsers = hostLater ? 1 : isOnVlanLink ? (await machine.usersOf(parent)) - 1 : 0;
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
