/** `del`: facts in, plan out. */
import { type Withdrawal, withdrawal } from '../address/default-route.ts';
import { clientsOf, stopStep } from '../address/dhcp.ts';
import { displacedBy } from '../address/displaced.ts';
import { unruleSteps } from '../address/own-routes.ts';
import { released } from '../address/released-routes.ts';
import { StateError } from '../errors.ts';
import type { BridgeFacts, DelFacts, FirewallFacts, LinkFacts, RouteFacts } from '../facts.ts';
import { unacceptSteps } from '../link/bridge-firewall.ts';
import { type Home, homecomingSteps, homeOfMoved, settleSteps } from '../link/home.ts';
import { isOurs } from '../link/mark.ts';
import { delBridgeStep, delPortStep, isOursInSwitch } from '../link/ovs.ts';
import type { SwitchBridgeFacts } from '../switch-facts.ts';
import { inContainer, onHost, type Place, type Plan, type Step } from './step.ts';

export interface DelPlan extends Plan {
  /** Bridges that go along. */
  readonly bridges: readonly string[];
}

/**
 * Plans to take an attachment back: the default routes first (each step can be undone), the link
 * last, and then what only it needed.
 *
 * @throws StateError when a moved link cannot come home under its name
 * @param firewall the rulesets that may hold a rule for the bridge
 * @param force a link is brought home whatever speaks against it
 */
export function planDel(facts: DelFacts, firewall: readonly FirewallFacts[], force = false): DelPlan {
  const { link, hostSide, bridge } = facts;
  const { end, parent } = hostSide;
  const last = bridge?.ports.every((port) => port === end?.ifname);
  const home = homeOfMoved(link, hostSide);
  if (home !== null) checkReturn(link, home, facts, force);
  if (home !== null && facts.homeTaken)
    throw new StateError(
      'name-taken',
      `${link.ifname}: it belongs to the host as ${home.name}, and the host has another link of that name now`,
      `ip link set dev ${home.name} name NAME`,
    );
  const routes = withoutLink('container', link, facts.defaultRoutes);
  const { peer } = hostSide;
  const farRoutes = peer && withoutLink('far', peer.link, peer.defaultRoutes);
  const bridgeSteps = bridge && last ? bridgeCleanup(bridge, firewall) : [];
  const { switchBridge } = facts;
  const { switchPort } = hostSide;
  const withSwitch = switchBridge !== null && switchBridgeGoes(switchBridge, switchPort ? 1 : 0);
  return {
    steps: [
      ...clientsOf(link, facts.dhcpClients).map((client) => stopStep('container', client)),
      ...unruleSteps('container', link, facts.ownRules),
      ...routes.before,
      ...(farRoutes?.before ?? []),
      ...(home ? homecomingSteps(link, home, facts.hostPid) : [removalStep(link, end)]),
    ],
    cleanup: [
      ...routes.after,
      ...(farRoutes?.after ?? []),
      ...(home ? settleSteps(link, home) : []),
      ...bridgeSteps,
      ...(switchPort ? [delPortStep(switchPort.bridge, switchPort.name, withSwitch)] : []),
      ...(withSwitch && !switchPort ? [delBridgeStep(switchBridge.name)] : []),
      ...(parent && facts.vlanLinkUsers === 0 ? vlanLinkCleanup(parent) : []),
    ],
    bridges: bridge && bridgeSteps.length > 0 ? [bridge.link.ifname] : withSwitch ? [switchBridge.name] : [],
  };
}

/** Default routes as they are to be when a link goes: its own gone, others' back, and none lost that is only in part by it. */
function withoutLink(place: Place, link: LinkFacts, routes: readonly RouteFacts[]): Withdrawal {
  const free = released(place, link, routes);
  const { before, after } = withdrawal(place, link.ifname, displacedBy(link, routes), free.routes);
  return { before: [...free.steps, ...before], after };
}

/**
 * What stands against bringing a link home but for `--force`: a container that may administer its
 * links can make one of any kind but a NIC, and give it any mark.
 */
function checkReturn(
  { ifname, kind }: LinkFacts,
  { name }: Home,
  { children, target }: DelFacts,
  force: boolean,
): void {
  if (force) return;
  if (kind !== null)
    throw new StateError(
      'doubtful',
      `${ifname}: it says that it belongs to the host as ${name}, but it is of kind ${kind}: ${target.canonical} could have made it itself`,
      `netwire del --force ${target.canonical} ${ifname}`,
    );
  if (children.length > 0)
    throw new StateError(
      'in-use',
      `${ifname}: links were made over it in ${target.canonical}, which would keep a way to it: ${children.join(', ')}`,
      `netwire del --force ${target.canonical} ${ifname}`,
    );
}

/**
 * What goes with the last port of a bridge that netwire made: the bridge and its accept rule. A
 * bridge that somebody else uses, the host by an address of its own perhaps, stays.
 */
export function bridgeCleanup({ link, users }: BridgeFacts, firewall: readonly FirewallFacts[]): Step[] {
  if (!isOurs(link.alias) || users > 0) return [];
  return [
    onHost(['ip', 'link', 'del', 'dev', link.ifname]),
    ...firewall.flatMap((one) => unacceptSteps(one, link.ifname)),
  ];
}

/**
 * Does an Open vSwitch bridge of netwire's go with so many of its ports, because nobody else uses it?
 */
export function switchBridgeGoes(
  { externalIds, portCount, users }: SwitchBridgeFacts & { readonly users: number },
  leaving: number,
): boolean {
  return isOursInSwitch(externalIds) && portCount <= leaving && users === 0;
}

/** A pair goes with its host end, whatever became of the other; a child is deleted where it lives. */
function removalStep(link: LinkFacts, end: LinkFacts | null): Step {
  if (end !== null) return onHost(['ip', 'link', 'del', 'dev', end.ifname]);
  return inContainer(['ip', 'link', 'del', 'dev', link.ifname]);
}

function vlanLinkCleanup(link: LinkFacts): Step[] {
  return isOurs(link.alias) && link.kind === 'vlan' ? [onHost(['ip', 'link', 'del', 'dev', link.ifname])] : [];
}
