/**
 * What there will be once earlier lines of a batch are carried out, as far as later lines depend on it:
 * bridges, VLAN links, names, default routes. So the whole can be planned before anything is done.
 */
import { routesAfter } from '../address/routes-after.ts';
import { StateError } from '../errors.ts';
import { type AddFacts, type DelFacts, type LinkFacts, NO_HOST_SIDE, type RouteFacts } from '../facts.ts';
import type { ResolvedAdd } from '../link/kind.ts';
import { ETHERNET_MTU } from '../link/limits.ts';
import type { SwitchBridgeFacts } from '../switch-facts.ts';
import type { Plan, Step } from './step.ts';

export class Outlook {
  private readonly links = new Map<string, LinkFacts>();
  private readonly switches = new Map<string, SwitchBridgeFacts>();
  /** Names that the host's links will bear, and those that will be free. */
  private readonly named = new Set<string>();
  private readonly freed = new Set<string>();
  /** Interfaces of containers, with the request that makes them; null: it will be taken back. */
  private readonly interfaces = new Map<string, string | null>();
  /** Bridges that get a port with an MTU of its own, which may change theirs. */
  private readonly resized = new Set<string>();
  /** Namespaces that earlier lines work in. */
  private readonly touched = new Set<number>();
  private readonly routes = new Map<number, readonly RouteFacts[]>();

  /** The host's link of that name. */
  link(name: string): LinkFacts | null {
    return this.links.get(name) ?? null;
  }

  switchBridge(name: string): SwitchBridgeFacts | null {
    return this.switches.get(name) ?? null;
  }

  /** Will the interface be made by an earlier line? Then nothing can be told of it yet. */
  makes(netns: number, ifname: string): boolean {
    return typeof this.interfaces.get(key(netns, ifname)) === 'string';
  }

  /**
   * Facts as they will be.
   *
   * @returns null when an earlier line makes just this
   * @throws StateError when an earlier line makes another of that name
   */
  over(facts: AddFacts, request: ResolvedAdd): AddFacts | null {
    const { target, container, vlanLink, hostIfnameTaken } = facts;
    const earlier = this.interfaces.get(key(target.netns, request.ifname));
    if (typeof earlier === 'string') {
      // What --replace will have to change is not known yet.
      if (earlier === sameWords(request) || request.replace) return null;
      throw new StateError(
        'different',
        `${request.ifname}: an earlier line gives ${target.canonical} another interface of that name`,
        '-i NAME',
      );
    }
    const hostIfname = request.hostIfname ?? facts.hostSide.end?.ifname ?? '';
    const defaultRoutes = this.routes.get(target.netns) ?? container.defaultRoutes;
    return {
      ...facts,
      container: { ...container, link: earlier === null ? null : container.link, defaultRoutes },
      hostSide: earlier === null ? NO_HOST_SIDE : facts.hostSide,
      vlanLink: vlanLink ?? (request.tag === null ? null : this.link(`${request.parentName}.${request.tag}`)),
      hostIfnameTaken: this.named.has(hostIfname) || (hostIfnameTaken && !this.freed.has(hostIfname)),
    };
  }

  /**
   * Is a plan the same whether the earlier lines are carried out or not? Where it makes a port of a bridge that stays as
   * it is, for a container that they do not work in.
   */
  leavesAlone({ steps }: Plan, { target, parent }: AddFacts, { parentName, ifname }: ResolvedAdd): boolean {
    const isTouched = this.links.has(parentName) || this.resized.has(parentName) || this.touched.has(target.netns);
    const isOfPort = ({ netns, command: [tool, object, verb, dev, name] }: Step) =>
      netns !== 'host' ||
      (tool === 'ip' &&
        object === 'link' &&
        (verb === 'add' || (verb === 'set' && dev === 'dev' && name !== parentName)));
    return parent?.kind === 'bridge' && !isTouched && !this.named.has(ifname) && steps.every(isOfPort);
  }

  /** Will an earlier line have taken the interface back? */
  isGone(netns: number, ifname: string): boolean {
    return this.interfaces.get(key(netns, ifname)) === null;
  }

  /** The same of what is to be taken back: ports that went are no ports any more. */
  overDel(facts: DelFacts): DelFacts {
    const { bridge, target, defaultRoutes } = facts;
    return {
      ...facts,
      bridge: bridge && { ...bridge, ports: bridge.ports.filter((port) => !this.freed.has(port)) },
      defaultRoutes: this.routes.get(target.netns) ?? defaultRoutes,
    };
  }

  noteAdd(plan: Plan, { target, container, peer }: AddFacts, request: ResolvedAdd): void {
    this.touched.add(target.netns);
    if (peer !== null) this.touched.add(peer.target.netns);
    this.interfaces.set(key(target.netns, request.ifname), sameWords(request));
    if (request.mtu !== null) this.resized.add(request.parentName);
    for (const { netns, command } of plan.steps) if (netns === 'host') this.noteOnHost(command.map(String));
    this.noteRoutes(plan.steps, target.netns, container.defaultRoutes);
  }

  noteDel(plan: Plan, { target, link, hostSide, defaultRoutes }: DelFacts): void {
    this.interfaces.set(key(target.netns, link.ifname), null);
    if (hostSide.end) this.freed.add(hostSide.end.ifname);
    this.noteRoutes(plan.steps, target.netns, defaultRoutes);
  }

  private noteOnHost(words: readonly string[]): void {
    const after = (word: string) => words[words.indexOf(word) + 1] ?? '';
    const [tool, , verb] = words;
    if (tool === 'ovs-vsctl' && words.includes('add-br')) {
      const name = after('add-br');
      const datapath = words.find((word) => word.startsWith('datapath_type='))?.split('=')[1] ?? 'system';
      this.switches.set(name, { name, datapath, externalIds: { netwire: '1' }, portCount: 0 });
    }
    if (tool !== 'ip') return;
    const known = this.links.get(after('dev'));
    if (verb === 'set' && words.includes('alias') && known)
      this.links.set(known.ifname, { ...known, alias: after('alias') });
    if (verb !== 'add') return;
    const [name, kind] = [after('name'), after('type')];
    this.named.add(name);
    if (kind === 'bridge')
      this.links.set(name, made(name, kind, { vlan_filtering: words.includes('vlan_filtering') ? 1 : 0 }, null));
    if (kind === 'vlan') this.links.set(name, made(name, kind, { id: Number(after('id')) }, after('link')));
  }

  private noteRoutes(steps: readonly Step[], netns: number, before: readonly RouteFacts[]): void {
    const inside = steps.filter((step) => step.netns === 'container');
    const fresh = inside.flatMap(({ command }) => {
      const [tool, object, verb, dst, via, gateway, dev, ifname] = command.map(String);
      if (`${tool} ${object} ${verb} ${dst} ${via} ${dev}` !== 'ip route add default via dev' || command.length > 8)
        return [];
      return [freshRoute(gateway ?? '', ifname ?? '')];
    });
    this.routes.set(netns, [...routesAfter(before, inside), ...fresh]);
  }
}

function key(netns: number, ifname: string): string {
  return `${netns} ${ifname}`;
}

/** What two requests for the same have in common, however they were spelt. */
function sameWords({ parent, container, addresses, ...rest }: ResolvedAdd): string {
  return JSON.stringify([addresses.map((one) => JSON.stringify(one)).sort(), Object.entries(rest).sort()]);
}

function made(ifname: string, kind: string, infoData: LinkFacts['infoData'], link: string | null): LinkFacts {
  return {
    ...{ ifindex: 0, ifname, kind, address: '', mtu: ETHERNET_MTU, up: true, operstate: 'UP', master: null },
    ...{ linkIndex: null, link, alias: null, portState: null, loopback: false, infiniband: false },
    ...{ group: 'default', infoData, addresses: [] },
  };
}

function freshRoute(gateway: string, dev: string): RouteFacts {
  const family = gateway.includes(':') ? 'inet6' : 'inet';
  const words = ['default', 'via', gateway, 'dev', dev];
  return {
    family,
    gateway,
    devs: [dev],
    metric: family === 'inet6' ? 1024 : 0,
    words,
    protocol: 'boot',
    unwritable: [],
  };
}
