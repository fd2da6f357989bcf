/** Conversations with the machine: one on the host, and one in each container that is worked in. */
import type { TargetFacts } from '../facts.ts';
import type { Place, Places } from '../plan/step.ts';
import { HostSide, type MachineOptions } from './host-side.ts';
import { type HeldNetns, heldPath, hostNetnsPath } from './netns.ts';
import type { Session } from './session.ts';

/** A container's namespace, its name, and the path to it that is printed. */
export interface HeldTarget {
  readonly held: HeldNetns;
  readonly facts: Pick<TargetFacts, 'canonical' | 'path'>;
}

/** A place that is no host. */
export type Inside = Exclude<Place, 'host'>;

export class Sessions {
  private readonly sessions = new Map<Inside, Session>();
  private readonly targets = new Map<Inside, HeldTarget>();
  /** Others at work on the same host. */
  private readonly others: Sessions[] = [];

  /** @param side what it shares with others; absent: it is the first */
  constructor(
    protected readonly options: MachineOptions,
    protected readonly side = new HostSide(options),
  ) {}

  protected get host(): Session {
    return this.side.session;
  }

  /** Notes another that works on the same host, and ends with this one. */
  protected join(other: Sessions): void {
    this.others.push(other);
  }

  /** How often others may have been at work since it began. */
  get unlocks(): number {
    return this.side.unlocks;
  }

  /** The lock was had, or none is needed. */
  get isReady(): boolean {
    return this.side.isReady;
  }

  /**
   * Waits for the lock. What is read before may be another netwire's half-done work.
   *
   * @throws StateError when another netwire is at work and does not end in time
   */
  ready(): Promise<void> {
    return this.side.ready();
  }

  /** Ends the wait for the lock, if it is still waited for. */
  giveUpWaiting(): void {
    this.side.giveUpWaiting();
  }

  /** Says which container the steps in a place belong to. */
  enter(target: HeldTarget, place: Inside = 'container'): void {
    this.side.hold(target.held);
    this.endSession(place);
    this.targets.set(place, target);
  }

  /** Begins the process inside before it is needed, so that it gets ready while others are waited for. */
  begin(place: Inside): void {
    this.inside(place);
  }

  /** The same for a container that will be entered next. */
  expect({ held }: HeldTarget): void {
    this.side.expect(held);
  }

  /** The places of a plan as they are printed. */
  get places(): Places {
    const entered = [...this.targets].map(([place, { facts }]) => [place, { name: facts.canonical, path: facts.path }]);
    return { host: { name: 'host', path: hostNetnsPath(true) }, ...Object.fromEntries(entered) };
  }

  /** Lets others have the lock during work that takes its time; what was read before is old then. */
  unlocked<T>(work: () => Promise<T>): Promise<T> {
    return this.side.unlocked(work);
  }

  /**
   * Lets the processes end, and the lock with them; all that they were asked is answered, so nobody waits for that.
   * The namespaces are let go: what runs in one holds it itself.
   */
  close(): void {
    this.endSessions();
    for (const other of this.others) other.endSessions();
    this.side.close();
  }

  private endSessions(): void {
    for (const session of this.sessions.values()) void session.close();
  }

  protected inside(place: Inside): Session {
    const present = this.sessions.get(place);
    if (present && !present.isOver) return present;
    const session = this.side.beginInside(this.target(place).held);
    this.sessions.set(place, session);
    return session;
  }

  private target(place: Inside): HeldTarget {
    const target = this.targets.get(place);
    if (!target) throw new Error(`no ${place} was entered`);
    return target;
  }

  /** A path that this process's children can open. */
  protected heldPath(place: Place): string {
    return place === 'host' ? hostNetnsPath(false) : heldPath(this.target(place).held);
  }

  /** Ends the process inside; the next step there begins another. */
  protected endSession(place: Inside): void {
    void this.sessions.get(place)?.close();
    this.sessions.delete(place);
  }

  /**
   * A pair's other end went by itself: an ip that knew its name would take another link of that name for
   * it (iproute2's lib/ll_map.c).
   */
  protected forgetNames(from: Place): void {
    for (const place of [...this.sessions.keys()]) if (place !== from) this.endSession(place);
    if (from !== 'host') this.side.outdateNames();
  }

  /** A way back to the places as they are now. */
  remember(): () => void {
    const before = new Map(this.targets);
    return () => {
      for (const place of new Set([...before.keys(), ...this.targets.keys()])) {
        const target = before.get(place);
        if (this.targets.get(place) === target) continue;
        this.leave(place);
        if (target) this.enter(target, place);
      }
    };
  }

  /** Leaves a place; what was entered there, or null. */
  leave(place: Inside): HeldTarget | null {
    this.endSession(place);
    const target = this.targets.get(place) ?? null;
    this.targets.delete(place);
    return target;
  }
}
