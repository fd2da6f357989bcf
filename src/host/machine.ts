/** The machine: one `ip` on the host, one in the container, and whatever else a step needs. */
import { setAddresses } from '../address/set-addresses.ts';
import { StateError } from '../errors.ts';
import type { BridgeFacts, LinkFacts, NetnsFacts, TargetFacts } from '../facts.ts';
import { isOurs } from '../link/mark.ts';
import { defaultHostIfname, isHostEnd } from '../link/veth.ts';
import { commandLine, plainWords } from '../plan/print.ts';
import type { Place, Places, Step } from '../plan/step.ts';
import { type Executor, StepFailure } from '../plan/transaction.ts';
import type { LinkSelector } from '../request.ts';
import { childrenOf } from './children.ts';
import { defaultRouteFacts, linkFacts } from './ip-json.ts';
import { type Answer, fitsBatch, SessionEnded } from './ip-session.ts';
import { LOCK_TIMEOUT_STATUS } from './lock.ts';
import { type HeldNetns, heldPath, hostNetnsPath } from './netns.ts';
import { ifnameAtPci } from './pci.ts';
import { runCommand } from './process.ts';
import { hostSession, netnsSession, type Session } from './session.ts';

/** What ip says when links came or went while it listed them, and how often it is asked then. */
const INTERRUPTED_DUMP = /Dump was interrupted/;
const READ_TRIES = 10;

/** How long an announcement waits for its bridge port to forward, in milliseconds. */
const FORWARDING_TIMEOUT = 1000;

/** A container's namespace, its name, and the path to it that is printed. */
export interface HeldTarget {
  readonly held: HeldNetns;
  readonly facts: Pick<TargetFacts, 'canonical' | 'path'>;
}

/** A place that is no host. */
type Inside = Exclude<Place, 'host'>;

export interface MachineOptions {
  /** Seconds to wait for the lock; null: take none, nothing will be changed. */
  readonly lockSeconds: number | null;
  /** Called with each command before it runs. */
  readonly trace: ((line: string) => void) | undefined;
}

export class Machine implements Executor {
  private host: Session;
  private readonly sessions = new Map<Inside, Session>();
  private readonly targets = new Map<Inside, HeldTarget>();
  /** The lock was had, or none is needed. */
  isReady: boolean;

  constructor(private readonly options: MachineOptions) {
    this.isReady = options.lockSeconds === null;
    this.host = this.beginHost();
  }

  private beginHost(): Session {
    return hostSession(this.options.lockSeconds);
  }

  /**
   * Waits for the lock. What is read before may be another netwire's half-done work.
   *
   * @throws StateError when another netwire is at work and does not end in time
   */
  async ready(): Promise<void> {
    await this.ask(this.host, ['addr', 'show', 'dev', 'lo']);
    this.isReady = true;
  }

  /** Ends the wait for the lock, if it is still waited for. */
  giveUpWaiting(): void {
    if (!this.isReady) this.host.kill();
  }

  /**
   * Says which container the steps in a place belong to. Where the lock is taken there will be such
   * steps, and their process is begun at once, so that it gets ready while others are waited for.
   */
  enter(target: HeldTarget, place: Inside = 'container'): void {
    this.targets.set(place, target);
    if (this.options.lockSeconds !== null) this.sessions.set(place, netnsSession(target.held.fd));
  }

  /** The places of a plan as they are printed. */
  get places(): Places {
    const entered = [...this.targets].map(([place, { facts }]) => [place, { name: facts.canonical, path: facts.path }]);
    return { host: { name: 'host', path: hostNetnsPath(true) }, ...Object.fromEntries(entered) };
  }

  /** The host's link of that name, null when there is none. */
  async hostLink(name: string): Promise<LinkFacts | null> {
    if (!fitsBatch([name]))
      throw new StateError('name', `${name}: quotes, "#" and "\\" in a link's name are not supported`);
    const answer = await this.ask(this.host, ['addr', 'show', 'dev', name]);
    if (answer.ok) return linkFacts(answer.json)[0] ?? null;
    if (/does not exist|Cannot find device/.test(answer.why)) return null;
    throw new StateError('facts', `reading the link ${name}: ${answer.why}`);
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
      case 'pci': {
        const name = ifnameAtPci(selector.address);
        return name === null ? null : this.hostLink(name);
      }
    }
  }

  /** The host's links, all of them or those a selector of ip-link(8) picks. */
  async hostLinks(...selector: string[]): Promise<LinkFacts[]> {
    const answer = await this.ask(this.host, ['addr', 'show', ...selector]);
    if (!answer.ok) throw new StateError('facts', `reading the host's links: ${answer.why}`);
    return linkFacts(answer.json);
  }

  /** Links (all, or the one of that name) and default routes inside a container. */
  async containerFacts(ifname?: string, place: Inside = 'container'): Promise<NetnsFacts> {
    const links = await this.ask(this.inside(place), [
      'addr',
      'show',
      ...(ifname === undefined ? [] : ['dev', ifname]),
    ]);
    if (!links.ok) throw new StateError('facts', `reading the container's links: ${links.why}`);
    const routes = await this.ask(this.inside(place), ['route', 'show', 'exact', 'default', 'table', 'all']);
    if (!routes.ok) throw new StateError('facts', `reading the container's routes: ${routes.why}`);
    return { links: linkFacts(links.json), defaultRoutes: defaultRouteFacts(routes.json) };
  }

  /**
   * The host end of a container's veth, when netwire put it there. Asked by the name it most likely
   * has; only a renamed one costs a look at all veths.
   */
  async findHostEnd(link: LinkFacts, target: TargetFacts, hostIfname: string | null): Promise<LinkFacts | null> {
    if (link.kind !== 'veth') return null;
    const name = hostIfname ?? defaultHostIfname(link.ifname, target);
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

  /** How much is on a link: children in whatever namespace, addresses somebody set, a master. */
  async usersOf(lower: LinkFacts): Promise<number> {
    const elsewhere = await childrenOf(lower.ifindex);
    const here = (await this.hostLinks()).filter(({ link }) => link === lower.ifname);
    return elsewhere.length + here.length + setAddresses(lower).length + (lower.master === null ? 0 : 1);
  }

  line(netns: Place, command: Step['command']): string {
    return commandLine(netns, command, this.places);
  }

  async execute(step: Step): Promise<void> {
    if (step.onceForwarding !== undefined) await this.forwarding(step.onceForwarding);
    const line = this.line(step.netns, step.command);
    this.options.trace?.(line);
    const words = plainWords(step.command, (place) => this.heldPath(place));
    let answer: Answer;
    try {
      answer = await (step.netns === 'host' ? this.onHost(words) : this.inNetns(step.netns, words));
    } catch (error) {
      if (error instanceof SessionEnded) throw new StepFailure(line, error.message, true);
      throw error;
    }
    if (!answer.ok) throw new StepFailure(line, answer.why);
  }

  /** Ends the processes; the lock is free afterwards. */
  async close(): Promise<void> {
    this.giveUpWaiting();
    await Promise.all([this.host, ...this.sessions.values()].map((session) => session.close()));
  }

  private onHost(words: readonly string[]): Promise<Answer> {
    if (words[0] !== 'ip' || !fitsBatch(words)) return command(words);
    // Killed from outside: another one undoes what this one did.
    if (this.host.isOver) this.host = this.beginHost();
    return this.host.change(words.slice(1));
  }

  private inNetns(place: Inside, words: readonly string[]): Promise<Answer> {
    if (words[0] === 'sysctl' && fitsBatch(words)) {
      const setting = words.at(-1) ?? '';
      const equals = setting.lastIndexOf('=');
      if (this.sessions.get(place)?.takesSysctls === false) this.leave(place);
      return this.inside(place).sysctl(setting.slice(0, equals), setting.slice(equals + 1));
    }
    if (words[0] === 'ip' && fitsBatch(words)) return this.inside(place).change(words.slice(1));
    return command(['nsenter', `--net=${this.heldPath(place)}`, ...words]);
  }

  private inside(place: Inside): Session {
    const present = this.sessions.get(place);
    if (present && !present.isOver) return present;
    const session = netnsSession(this.target(place).held.fd);
    this.sessions.set(place, session);
    return session;
  }

  private target(place: Inside): HeldTarget {
    const target = this.targets.get(place);
    if (!target) throw new Error(`no ${place} was entered`);
    return target;
  }

  /** A path that this process's children can open. */
  private heldPath(place: Place): string {
    return place === 'host' ? hostNetnsPath(false) : heldPath(this.target(place).held);
  }

  /** Ends the process inside; the next step there begins another. */
  leave(place: Inside = 'container'): void {
    void this.sessions.get(place)?.close();
    this.sessions.delete(place);
  }

  /**
   * A bridge port does not forward at the instant its link comes up: the carrier is noticed by a
   * worker of the kernel's (net/core/link_watch.c). What is announced before that is lost.
   */
  private async forwarding(port: string): Promise<void> {
    const deadline = Date.now() + FORWARDING_TIMEOUT;
    while (Date.now() < deadline) {
      const link = await this.hostLink(port);
      // With the spanning tree protocol a port listens and learns for half a minute: too long to wait.
      if (link === null || ['forwarding', 'listening', 'learning'].includes(link.portState ?? '')) return;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  /** Reads. A dump that something else changed meanwhile is asked for again. */
  private async ask(session: Session, words: readonly string[]): Promise<Answer> {
    try {
      let answer = await session.read(words);
      for (let tries = 1; tries < READ_TRIES && answer.ok && INTERRUPTED_DUMP.test(answer.warning); tries++)
        answer = await session.read(words);
      return answer;
    } catch (error) {
      if (!(error instanceof SessionEnded)) throw error;
      if (error.status === LOCK_TIMEOUT_STATUS)
        throw new StateError('busy', 'another netwire is at work and did not end in time', '--timeout SECONDS');
      throw new StateError('facts', `reading the machine's network: ${error.message}`, undefined, { cause: error });
    }
  }
}

async function command(words: readonly string[]): Promise<Answer> {
  const { ok, why, signal } = await runCommand(words);
  // Ended from outside, it may have done its work all the same.
  if (signal !== null) throw new SessionEnded(`${words[0]} ended with ${signal}`, null);
  return ok ? { ok, json: [], warning: '' } : { ok, why };
}
