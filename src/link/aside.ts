/**
 * Sets an attachment aside, so that its name and place are free: nothing of it is lost, each step has its
 * inverse, and a netwire that is killed meanwhile leaves links that are known to be unfinished.
 */
import { clearanceSteps } from '../address/clearance.ts';
import { deletionStep, isOnlyBy, withdrawal } from '../address/default-route.ts';
import { clientsOf, stopStep } from '../address/dhcp.ts';
import { displacedBy } from '../address/displaced.ts';
import { unruleSteps } from '../address/own-routes.ts';
import { released } from '../address/released-routes.ts';
import { routesAfter } from '../address/routes-after.ts';
import { type DelFacts, type LinkFacts, NO_WAYS, type RouteFacts, type WaysFacts } from '../facts.ts';
import { onHost, type Place, type Step, stepIn } from '../plan/step.ts';
import type { HideableEndFacts, HideableFacts } from '../present-facts.ts';
import { homecomingSteps, homeOfMoved, settleSteps } from './home.ts';
import { markedGateways, markedTable, withWays } from './mark.ts';
import { asidePortStep } from './ovs.ts';
import { ASIDE, BORN, isUnfinished } from './unfinished.ts';

/** Is a link set aside by this netwire, or one that was killed? */
export function isAside({ ifname, group }: LinkFacts): boolean {
  return ASIDE.test(ifname) && isUnfinished({ group });
}

export interface Aside {
  readonly steps: readonly Step[];
  /** What remains to be done when it shall not come back. */
  readonly cleanup: readonly Step[];
  /** What is known once it is aside, so that it can be taken back; null: it went home, and needs no more. */
  readonly hidden: DelFacts | null;
  /** The ways there are then. */
  readonly ways: WaysFacts;
  /** The same at a cable's other end. */
  readonly farWays: WaysFacts;
}

/**
 * @param name that its links bear while they are aside
 * @param group ip-link(8)'s, for ends on the host that will be deleted all at once; null: it stays in its own
 */
export function setAside({ del, end, farEnd }: HideableFacts, name: string, group: string | null = null): Aside {
  const { link, hostSide } = del;
  const near = clear('container', link, del, end);
  const home = homeOfMoved(link, hostSide);
  if (home !== null)
    return {
      steps: [...near.steps, ...homecomingSteps(link, home, del.hostPid)],
      cleanup: [...near.after, ...settleSteps(link, home)],
      hidden: null,
      ways: near.ways,
      farWays: NO_WAYS,
    };
  const { end: hostEnd, peer, switchPort } = hostSide;
  const far = peer && farEnd ? clear('far', peer.link, peer, farEnd) : null;
  return {
    steps: [
      ...near.steps,
      ...hide('container', link, near.hidden(name)),
      ...(far && peer ? [...far.steps, ...hide('far', peer.link, far.hidden(name))] : []),
      ...(switchPort ? [asidePortStep(switchPort)] : []),
      ...(hostEnd ? hideHostEnd(hostEnd, name, group) : []),
    ],
    cleanup: [],
    hidden: {
      ...del,
      ...near.ways,
      link: near.hidden(name),
      hostSide: {
        ...hostSide,
        end: hostEnd && { ...hostEnd, ifname: name, up: false },
        switchPort: null,
        peer: peer && {
          ...peer,
          ...far?.ways,
          link: far?.hidden(name) ?? peer.link,
        },
      },
      bridge: del.bridge && {
        ...del.bridge,
        ports: del.bridge.ports.map((port) => (port === hostEnd?.ifname ? name : port)),
      },
      switchBridge: del.switchBridge && { ...del.switchBridge, portCount: del.switchBridge.portCount - 1 },
    },
    ways: near.ways,
    farWays: far?.ways ?? NO_WAYS,
  };
}

/** Takes everything off a link in a container: its rules, its routes, its addresses. */
function clear(place: Place, link: LinkFacts, ways: WaysFacts, end: HideableEndFacts) {
  const { defaultRoutes, ownRoutes, ownRules, dhcpClients } = ways;
  const stops = clientsOf(link, dhcpClients).map((client) => stopStep(place, client));
  const free = released(place, link, defaultRoutes);
  const { before, after } = withdrawal(place, link.ifname, displacedBy(link, defaultRoutes), free.routes);
  const taken = new Set(before.map(({ command }) => command.join(' ')));
  const isOwn = (route: RouteFacts) => isOnlyBy(route, link.ifname);
  const rest = end.routes.filter((route) => !taken.has(deletionStep(place, route).command.join(' ')));
  const isDefault = ({ words }: RouteFacts) => defaultRoutes.some((one) => one.words.join() === words.join());
  const others = rest.filter((route) => !isOwn(route) && !isDefault(route));
  const returning = [...unruleSteps(place, link, ownRules), ...free.steps, ...released(place, link, others).steps].map(
    (step) => ({ ...step, returns: true }),
  );
  const { neighbours } = end;
  const own = clearanceSteps(place, { link, routes: rest.filter(isOwn), neighbours, sysctls: [] });
  const steps = [...stops, ...returning, ...before, ...own];
  // Its mark says no more that it displaces others: they are back, or come back when it is taken back.
  const isMarked = after.length > 0 || markedGateways(link.alias).length === 0;
  const alias = isMarked ? link.alias : withWays(link.alias, [], markedTable(link.alias));
  const hidden = (name: string): LinkFacts => ({ ...link, ifname: name, alias, up: false, addresses: [] });
  const left: WaysFacts = {
    dhcpClients: dhcpClients.filter(({ ifname }) => ifname !== link.ifname),
    // What a router advertised by it goes with it.
    defaultRoutes: routesAfter(free.routes, steps).filter((route) => route.protocol !== 'ra' || !isOwn(route)),
    ownRoutes: ownRoutes.filter((route) => !isOwn(route)),
    ownRules,
  };
  return { steps, after, hidden, ways: left };
}

function hide(place: Place, link: LinkFacts, { ifname: name, alias }: LinkFacts): Step[] {
  const set = (dev: string, words: readonly string[]) => ['ip', 'link', 'set', 'dev', dev, ...words];
  const settings = (words: readonly string[], back: readonly string[]) =>
    stepIn(place, set(link.ifname, words), set(link.ifname, back));
  return [
    settings(BORN, ['group', link.group]),
    ...(alias === link.alias ? [] : [settings(['alias', alias ?? ''], ['alias', link.alias ?? ''])]),
    stepIn(place, set(link.ifname, ['name', name]), set(name, ['name', link.ifname])),
  ];
}

/** It stays the port it is, but forwards nothing. */
function hideHostEnd({ ifname, up, group: own }: LinkFacts, name: string, group: string | null): Step[] {
  const set = (dev: string, ...words: string[]) => ['ip', 'link', 'set', 'dev', dev, ...words];
  return [
    ...(up ? [onHost(set(ifname, 'down'), set(ifname, 'up'))] : []),
    ...(group === null ? [] : [onHost(set(ifname, 'group', group), set(ifname, 'group', own))]),
    onHost(set(ifname, 'name', name), set(name, 'name', ifname)),
  ];
}
