/** What is left on the host of attachments whose container is gone. */
import { setAddresses } from '../address/set-addresses.ts';
import type { FirewallFacts, LinkFacts } from '../facts.ts';
import { strayDhcpClients } from '../host/dhcp.ts';
import type { Machine } from '../host/machine.ts';
import { hasSwitch, readSwitchOr } from '../host/open-vswitch.ts';
import { markedHome, returnSteps, settleSteps } from '../link/home.ts';
import { isOurs, markedFirewall } from '../link/mark.ts';
import { delBridgeStep, delPortStep, isOursInSwitch } from '../link/ovs.ts';
import { isUnfinished } from '../link/unfinished.ts';
import { bridgeCleanup, switchBridgeGoes } from '../plan/del.ts';
import { onHost, type Step } from '../plan/step.ts';
import type { SwitchBridgeFacts } from '../switch-facts.ts';
import type { Context } from './context.ts';

export interface Leftovers {
  readonly steps: readonly Step[];
  /** Bridges that go. */
  readonly bridges: readonly string[];
  /** Links that are at home again. */
  readonly returned: readonly string[];
  /** Links that go: unfinished ones, VLAN links without a user. */
  readonly links: readonly string[];
  /** DHCP clients that nobody needs and nobody ends, by what they were for. */
  readonly clients: readonly string[];
}

const NOTHING: Leftovers = { steps: [], bridges: [], returned: [], links: [], clients: [] };

/** Finds it all, and how to take it back. Only while no other netwire is at work. */
export async function findLeftovers(machine: Machine, warn: Context['warn']): Promise<Leftovers> {
  const links = await machine.hostLinks();
  const found = [
    returning(links, warn),
    unfinished(links),
    await unusedVlanLinks(links, machine),
    await emptyBridges(links, machine),
    strayClients(),
    ...(hasSwitch() ? [await switchLeftovers(links, machine, warn)] : []),
  ];
  return {
    steps: found.flatMap(({ steps }) => steps),
    bridges: found.flatMap(({ bridges }) => bridges),
    returned: found.flatMap(({ returned }) => returned),
    links: found.flatMap(({ links }) => links),
    clients: found.flatMap(({ clients }) => clients),
  };
}

/**
 * Moved links that the kernel brought back when their container died. One that somebody has set up
 * since is in use under the name it has.
 */
function returning(links: readonly LinkFacts[], warn: Context['warn']): Leftovers {
  const steps: Step[] = [];
  const names: string[] = [];
  for (const link of links) {
    const home = markedHome(link.alias);
    if (home === null) continue;
    const isTaken = links.some(({ ifname }) => ifname === home.name && ifname !== link.ifname);
    const isUsed = link.up || link.master !== null || setAddresses(link).length > 0;
    if (isTaken) warn(`${link.ifname}: it belongs under the name ${home.name}, which another link has`);
    else if (isUsed && link.ifname !== home.name)
      warn(
        `${link.ifname}: it is ${home.name}, back from a container, but in use; set it down, and netwire gc brings it home`,
      );
    else {
      steps.push(
        ...(isUsed
          ? settleSteps({ ...link, address: home.mac, mtu: home.mtu }, { ...home, up: false })
          : returnSteps(link, home)),
      );
      names.push(home.name);
    }
  }
  return { ...NOTHING, steps, returned: names };
}

/** Their keepers were killed; while a keeper lives it ends its client by itself. */
function strayClients(): Leftovers {
  const stray = strayDhcpClients();
  return {
    ...NOTHING,
    steps: stray.flatMap(({ pid, dir }) => [
      ...(pid === null ? [] : [onHost(['kill', '-TERM', String(pid)])]),
      onHost(['rm', '-rf', dir]),
    ]),
    clients: stray.map(({ ifname }) => ifname),
  };
}

/** What a netwire that was killed had not marked yet, or made for the host itself. */
function unfinished(links: readonly LinkFacts[]): Leftovers {
  const left = links.filter((link) => isUnfinished(link) && markedHome(link.alias) === null);
  return { ...NOTHING, ...removed(left) };
}

/** VLAN links of netwire's that nothing is on any more. */
async function unusedVlanLinks(links: readonly LinkFacts[], machine: Machine): Promise<Leftovers> {
  const left: LinkFacts[] = [];
  for (const link of links)
    if (link.kind === 'vlan' && isOurs(link.alias) && markedHome(link.alias) === null && !isUnfinished(link))
      if ((await machine.usersOf(link)) === 0) left.push(link);
  return { ...NOTHING, ...removed(left) };
}

function removed(links: readonly LinkFacts[]): Pick<Leftovers, 'steps' | 'links'> {
  const names = links.map(({ ifname }) => ifname);
  return { steps: names.map((name) => onHost(['ip', 'link', 'del', 'dev', name])), links: names };
}

/** Bridges of netwire's that have no port any more. */
async function emptyBridges(links: readonly LinkFacts[], machine: Machine): Promise<Leftovers> {
  const steps: Step[] = [];
  const bridges: string[] = [];
  for (const link of links) {
    const { ifname, kind } = link;
    const bridge = kind === 'bridge' && !isUnfinished(link) ? await machine.bridge(ifname) : null;
    const cleanup = bridge?.ports.length === 0 ? bridgeCleanup(bridge, await rulesOf(bridge.link, machine)) : [];
    if (cleanup.length > 0) bridges.push(ifname);
    steps.push(...cleanup);
  }
  return { ...NOTHING, steps, bridges };
}

/** Ports of netwire's in Open vSwitch whose link went with its container, and bridges that nobody uses then. */
async function switchLeftovers(
  links: readonly LinkFacts[],
  machine: Machine,
  warn: Context['warn'],
): Promise<Leftovers> {
  const { bridges, ports } = await readSwitchOr(warn);
  const hostLinks = new Set(links.map(({ ifname }) => ifname));
  const stale = ports.filter(({ name, externalIds }) => isOursInSwitch(externalIds) && !hostLinks.has(name));
  const going: string[] = [];
  for (const bridge of bridges) {
    const leaving = stale.filter((port) => port.bridge === bridge.name).length;
    if (isOursInSwitch(bridge.externalIds) && switchBridgeGoes(await withUsers(bridge, machine), leaving))
      going.push(bridge.name);
  }
  return {
    ...NOTHING,
    steps: [...stale.map(({ bridge, name }) => delPortStep(bridge, name, false)), ...going.map(delBridgeStep)],
    bridges: going,
  };
}

/** The rulesets in which this bridge has a rule, as its mark says. */
export function rulesOf(bridge: LinkFacts | null, { firewalls }: Machine): Promise<FirewallFacts[]> {
  return firewalls.read(markedFirewall(bridge?.alias ?? null));
}

/** Who else uses an Open vSwitch bridge: the host by an address, children over its own link. */
export async function withUsers(bridge: SwitchBridgeFacts, machine: Machine) {
  const link = await machine.hostLink(bridge.name);
  return { ...bridge, users: link === null ? 0 : await machine.usersOf(link) };
}
