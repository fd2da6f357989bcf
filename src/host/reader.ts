/** Reads facts off the machine. */
import { isOwn, OWN_PROTOCOL } from '../address/own-routes.ts';
import { setAddresses } from '../address/set-addresses.ts';
import { StateError } from '../errors.ts';
import type { BridgeFacts, LinkFacts, NetnsFacts, RouteFacts, RuleFacts, TargetFacts } from '../facts.ts';
import { isAside } from '../link/aside.ts';
import { isOurs, leasedFamilies, markedTable } from '../link/mark.ts';
import { defaultHostIfname, isHostEnd } from '../link/veth.ts';
import type { Place } from '../plan/step.ts';
import type { LinkSelector } from '../request.ts';
import { inodeAt } from '../target/inode.ts';
import { ask, askAll, questionsOf } from './asking.ts';
import { childrenOf } from './children.ts';
import { dhcpClients } from './dhcp.ts';
import type { Firewalls } from './firewall.ts';
import type { Answer } from './ip-answer.ts';
import {
  defaultRouteFacts,
  linkFacts,
  linkRouteFacts,
  neighbourMac,
  neighbourWords,
  ownRouteFacts,
  ruleFacts,
} from './ip-json.ts';
import { fitsBatch } from './ip-session.ts';
import { mayBeLink } from './link-names.ts';
import { ifnameAtPci } from './pci.ts';
import { runCommand } from './process.ts';
import { type HeldTarget, type Inside, Sessions } from './sessions.ts';

export class Reader extends Sessions {
  /** The host's. */
  get firewalls(): Firewalls {
    return this.side.firewalls;
  }

  protected readonly foreseen = new Map<string, LinkFacts | null>();

  /** What `containerFacts` asks, answered along with a step; null: nothing. */
  protected told: { readonly place: Inside; readonly ifname: string; readonly answers: readonly Answer[] } | null =
    null;

  override enter(target: HeldTarget, place: Inside = 'container'): void {
    this.changing();
    super.enter(target, place);
  }

  override unlocked<T>(work: () => Promise<T>): Promise<T> {
    this.changing();
    return super.unlocked(work);
  }

  /** What was seen may be otherwise from here on. */
  protected changing(): void {
    this.foreseen.clear();
    this.told = null;
  }

  /** The host's link of that name, null when there is none. */
  async hostLink(name: string): Promise<LinkFacts | null> {
    const known = this.foreseen.get(name);
    this.foreseen.delete(name);
    if (known !== undefined) return known;
    if (!fitsBatch([name]))
      throw new StateError('name', `${name}: quotes, "#" and "\\" in a link's name are not supported`);
    this.side.noteName(name);
    const answer = await ask(this.host, ['addr', 'show', 'dev', name]);
    if (answer.ok) return linkFacts(answer.json)[0] ?? null;
    if (/does not exist|Cannot find device/.test(answer.why)) return null;
    throw new StateError('facts', `reading the link ${name}: ${answer.why}`);
  }

  /**
   * Whether the host has a link of that name.
   *
   * @param isOwn nobody but netwire gives such names, so that none is an alternative name (ip-link(8), altname)
   */
  async hasHostLink(name: string, isOwn: boolean): Promise<boolean> {
    return (!isOwn || mayBeLink(name)) && (await this.hostLink(name)) !== null;
  }

  /**
   * Asks for several of the host's links that are most likely there, in one turn. Each is told to the next that asks for
   * it, unless something is changed before.
   */
  async foresee(names: readonly string[]): Promise<void> {
    const fit = [...new Set(names)].filter((name) => !this.foreseen.has(name) && fitsBatch([name]));
    if (fit.length === 0) return;
    for (const name of fit) this.side.noteName(name);
    const answers = await askAll(
      this.host,
      fit.map((name) => ['addr', 'show', 'dev', name]),
    );
    for (const [i, answer] of answers.entries())
      if (answer.ok) this.foreseen.set(fit[i] ?? '', linkFacts(answer.json)[0] ?? null);
  }

  /** The host's link that a selector picks, null when there is none. */
  async selectLink(selector: LinkSelector): Promise<LinkFacts | null> {
    switch (selector.by) {
      case 'name':
        return this.hostLink(selector.name);
      case 'mac': {
        const links = await this.hostLinks();
        // A bridge, a VLAN link and its NIC may share one: the NIC is meant.
        const same = links.filter(({ address }) => address === selector.address);
        return same.find(({ kind }) => kind === null) ?? same[0] ?? null;
      }
      case 'container':
        return null;
      case 'pci': {
        const name = ifnameAtPci(selector.address);
        return name === null ? null : this.hostLink(name);
      }
    }
  }

  /** The host's links, all of them or those a selector of ip-link(8) picks. */
  async hostLinks(...selector: string[]): Promise<LinkFacts[]> {
    const answer = await ask(this.host, ['addr', 'show', ...selector]);
    if (!answer.ok) throw new StateError('facts', `reading the host's links: ${answer.why}`);
    return linkFacts(answer.json);
  }

  /** A container's link of that name, null when there is none. */
  async insideLink(name: string): Promise<LinkFacts | null> {
    // Whoever waits for something to change looks at all of it again.
    this.changing();
    // All of them: an ip that knew the name would take a link that is gone for it (iproute2's lib/ll_map.c).
    const answer = await ask(this.inside('container'), ['addr', 'show']);
    if (!answer.ok) throw new StateError('facts', `reading the container's links: ${answer.why}`);
    return linkFacts(answer.json).find(({ ifname }) => ifname === name) ?? null;
  }

  /**
   * Links (all, or the one of that name) and ways out inside a container.
   *
   * @param withRules also where no link's mark says that there are any
   */
  async containerFacts(ifname?: string, place: Inside = 'container', withRules = false): Promise<NetnsFacts> {
    const { told } = this;
    this.told = null;
    const isTold = told !== null && told.place === place && told.ifname === ifname;
    const answers = isTold ? told.answers : await askAll(this.inside(place), questionsOf(ifname));
    const [shown, routes = [], own = []] = answers.map((answer) => {
      if (!answer.ok) throw new StateError('facts', `reading the container's network: ${answer.why}`);
      return answer.json;
    });
    const links = linkFacts(shown ?? []);
    const hasRules = withRules || links.some(({ alias }) => markedTable(alias) !== null);
    const isLeased = links.some(({ alias }) => leasedFamilies(alias).length > 0);
    return {
      links,
      dhcpClients: isLeased ? dhcpClients(inodeAt(this.heldPath(place))) : [],
      defaultRoutes: defaultRouteFacts(routes).filter((route) => !isOwn(route)),
      ownRoutes: ownRouteFacts(own, OWN_PROTOCOL),
      ownRules: hasRules ? await this.ownRules(place) : [],
    };
  }

  /** The MAC of a neighbour that answered by a link inside, null while none did. */
  protected async neighbour(address: string, ifname: string, place: Inside): Promise<string | null> {
    const answer = await ask(this.inside(place), ['neigh', 'show', address, 'dev', ifname]);
    return answer.ok ? neighbourMac(answer.json) : null;
  }

  /** Rules that netwire made inside a container, of both families. */
  private async ownRules(place: Inside): Promise<RuleFacts[]> {
    const rules: RuleFacts[] = [];
    for (const family of ['inet', 'inet6'] as const) {
      const flag = family === 'inet' ? '-4' : '-6';
      const { ok, stdout, why } = await runCommand([
        ...['nsenter', `--net=${this.heldPath(place)}`, 'ip', flag, '-j', 'rule', 'show'],
      ]);
      // A kernel without rules, or without IPv6, has none.
      if (!ok && /not supported/i.test(why)) continue;
      if (!ok) throw new StateError('facts', `reading the container's rules: ${why}`);
      rules.push(...ruleFacts(JSON.parse(stdout || '[]'), family));
    }
    return rules.filter(({ protocol }) => protocol === OWN_PROTOCOL);
  }

  /**
   * The host end of a container's veth, when netwire put it there. Asked by the name it most likely
   * has; only a renamed one costs a look at all veths.
   */
  async findHostEnd(link: LinkFacts, target: TargetFacts, hostIfname: string | null): Promise<LinkFacts | null> {
    if (link.kind !== 'veth') return null;
    // The two ends of one that is set aside are called the same.
    const name = hostIfname ?? (isAside(link) ? link.ifname : defaultHostIfname(link.ifname, target));
    const likely = fitsBatch([name]) ? await this.hostLink(name) : null;
    if (likely !== null && isHostEnd(likely, link, target.netns)) return likely;
    const veths = await this.hostLinks('type', 'veth');
    return veths.find((veth) => isHostEnd(veth, link, target.netns)) ?? null;
  }

  /** A bridge by name, with its ports; null when there is no such bridge. */
  async bridge(name: string): Promise<BridgeFacts | null> {
    const link = await this.hostLink(name);
    if (link?.kind !== 'bridge') return null;
    const ports = await this.hostLinks('master', link.ifname);
    // Looking everywhere is only worth it for a bridge that might be removed.
    const users = isOurs(link.alias) && ports.length <= 1 ? await this.usersOf(link) : 0;
    return { link, ports: ports.map(({ ifname }) => ifname), users };
  }

  /** Routes by a link, or sent from its addresses, in all tables, but for the kernel's own. */
  async routesBy(link: LinkFacts, place: Place = 'host'): Promise<RouteFacts[]> {
    const session = place === 'host' ? this.host : this.inside(place);
    const answer = await ask(session, ['route', 'show', 'table', 'all']);
    if (!answer.ok) throw new StateError('facts', `reading the routes by ${link.ifname}: ${answer.why}`);
    return linkRouteFacts(answer.json, link);
  }

  /** Neighbours on a link that somebody set: what follows `ip neigh replace`. */
  async neighboursOn({ ifname }: LinkFacts, place: Place = 'host'): Promise<string[][]> {
    const session = place === 'host' ? this.host : this.inside(place);
    const answer = await ask(session, ['neigh', 'show', 'dev', ifname, 'nud', 'permanent']);
    if (!answer.ok) throw new StateError('facts', `reading the neighbours on ${ifname}: ${answer.why}`);
    return neighbourWords(answer.json, ifname);
  }

  /** Settings below /proc/sys as a container's network has them; those that its kernel lacks are left out. */
  async sysctls(keys: readonly string[], place: Inside): Promise<Map<string, string>> {
    const { stdout } = await runCommand([
      ...['nsenter', `--net=${this.heldPath(place)}`, 'grep', '-s', ''],
      ...['/dev/null', ...keys.map((key) => `/proc/sys/${key}`)],
    ]);
    const lines = stdout.split('\n').filter((line) => line.startsWith('/proc/sys/'));
    return new Map(
      lines.map((line) => {
        const colon = line.lastIndexOf(':');
        return [line.slice('/proc/sys/'.length, colon), line.slice(colon + 1)];
      }),
    );
  }

  /** How much is on a link: children in whatever namespace, addresses somebody set, a master. */
  async usersOf(lower: LinkFacts): Promise<number> {
    return (await this.childrenOf(lower)).length + setAddresses(lower).length + (lower.master === null ? 0 : 1);
  }

  /** A link's children, in whatever namespace. */
  async childrenOf(lower: LinkFacts): Promise<LinkFacts[]> {
    const elsewhere = await childrenOf(lower.ifindex);
    const here = (await this.hostLinks()).filter(({ link }) => link === lower.ifname);
    return [...elsewhere, ...here.filter(({ kind }) => kind !== 'veth')];
  }
}
