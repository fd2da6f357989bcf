/** Conversations with the machine: one on the host, which holds the lock, and one in each container. */
import { StateError } from '../errors.ts';
import type { TargetFacts } from '../facts.ts';
import type { Place, Places } from '../plan/step.ts';
import type { Answer } from './ip-answer.ts';
import { Lanes } from './lanes.ts';
import { LOCK_TIMEOUT_STATUS } from './lock.ts';
import { type HeldNetns, heldPath, hostNetnsPath, release } from './netns.ts';
import { SessionEnded } from './pipes.ts';
import { hostSession, hostSessionWithSpare, netnsSession, type Session, type Spare } from './session.ts';

/** What ip says when links came or went while it listed them, and how often it is asked then. */
const INTERRUPTED_DUMP = /Dump was interrupted/;
const READ_TRIES = 10;

/** A container's namespace, its name, and the path to it that is printed. */
export interface HeldTarget {
  readonly held: HeldNetns;
  readonly facts: Pick<TargetFacts, 'canonical' | 'path'>;
}

/** A place that is no host. */
export type Inside = Exclude<Place, 'host'>;

export interface MachineOptions {
  /** Seconds to wait for the lock; null: take none, nothing will be changed. */
  readonly lockSeconds: number | null;
  /** Called with each command before it runs. */
  readonly trace: ((line: string) => void) | undefined;
  /** It goes through many containers, one after the other. */
  readonly many?: boolean;
  /** Firewalls that will most likely be asked; of no effect with `many`. */
  readonly rulesets?: readonly string[];
}

export class Sessions {
  protected host: Session;
  private readonly sessions = new Map<Inside, Session>();
  private readonly targets = new Map<Inside, HeldTarget>();
  private readonly lanes: Lanes | null;
  private spare: Spare | null = null;
  /** What those firewalls say. */
  protected readonly report: Promise<string> = Promise.resolve('');
  /** Begun for containers that are not entered yet. */
  private readonly expected = new Map<HeldNetns, Session>();
  /** All that were entered: their descriptors are let go at the end. */
  private readonly entered = new Set<HeldNetns>();
  private isClosed = false;
  /** How often others may have been at work since it began. */
  unlocks = 0;
  /** The lock was had, or none is needed. */
  isReady: boolean;
  /** The first answer of the process that holds the lock; it is asked at once, while containers are looked for. Null: it came, or there is no lock. */
  private greeting: Promise<Answer> | null;

  constructor(protected readonly options: MachineOptions) {
    this.isReady = options.lockSeconds === null;
    this.lanes = options.many ? new Lanes() : null;
    // Work that changes something in one container will need a conversation there.
    if (options.lockSeconds === null || options.many) this.host = this.beginHost();
    else {
      const { host, spare, report } = hostSessionWithSpare(options.lockSeconds, options.rulesets ?? []);
      this.host = host;
      this.spare = spare;
      this.report = report;
    }
    this.greeting = this.isReady ? null : this.greet();
    // Whoever needs the lock asks for the answer by "ready".
    this.greeting?.catch(() => {});
  }

  private greet(): Promise<Answer> {
    return this.ask(this.host, ['addr', 'show', 'dev', 'lo']);
  }

  /** The one on the host; where it was killed from outside, another one that undoes what it did. */
  protected renewedHost(): Session {
    if (this.host.isOver) this.host = this.beginHost();
    return this.host;
  }

  private beginHost(): Session {
    this.assertOpen();
    return hostSession(this.options.lockSeconds);
  }

  /**
   * Waits for the lock. What is read before may be another netwire's half-done work.
   *
   * @throws StateError when another netwire is at work and does not end in time
   */
  async ready(): Promise<void> {
    await this.greeting;
    this.greeting = null;
    this.isReady = true;
  }

  /** Ends the wait for the lock, if it is still waited for. */
  giveUpWaiting(): void {
    if (!this.isReady) this.host.kill();
  }

  /** Says which container the steps in a place belong to. */
  enter(target: HeldTarget, place: Inside = 'container'): void {
    if (this.isClosed) release(target.held);
    this.assertOpen();
    this.endSession(place);
    this.entered.add(target.held);
    this.targets.set(place, target);
  }

  /** Begins the process inside before it is needed, so that it gets ready while others are waited for. */
  begin(place: Inside): void {
    this.inside(place);
  }

  /** The same for a container that will be entered next. */
  expect({ held }: HeldTarget): void {
    if (!this.expected.has(held)) this.expected.set(held, this.beginAnother(held));
  }

  /** The places of a plan as they are printed. */
  get places(): Places {
    const entered = [...this.targets].map(([place, { facts }]) => [place, { name: facts.canonical, path: facts.path }]);
    return { host: { name: 'host', path: hostNetnsPath(true) }, ...Object.fromEntries(entered) };
  }

  /** Lets others have the lock during work that takes its time; what was read before is old then. */
  async unlocked<T>(work: () => Promise<T>): Promise<T> {
    this.unlocks += 1;
    await this.host.close();
    try {
      return await work();
    } finally {
      this.host = this.beginHost();
      this.greeting = this.greet();
      await this.ready();
    }
  }

  /**
   * Lets the processes end, and the lock with them; all that they were asked is answered, so nobody waits for that.
   * The namespaces are let go: what runs in one holds it itself.
   */
  close(): void {
    this.giveUpWaiting();
    this.isClosed = true;
    for (const session of [this.host, ...this.sessions.values()]) void session.close();
    for (const session of this.expected.values()) void session.close();
    this.spare?.close();
    this.lanes?.end();
    for (const held of this.entered) release(held);
  }

  /** Work that was left while it waited goes on for a moment, and may begin nothing. */
  private assertOpen(): void {
    if (this.isClosed) throw new Error('this work was left');
  }

  protected inside(place: Inside): Session {
    const present = this.sessions.get(place);
    if (present && !present.isOver) return present;
    const session = this.beginInside(this.target(place).held);
    this.sessions.set(place, session);
    return session;
  }

  private beginInside(held: HeldNetns): Session {
    const expected = this.expected.get(held);
    this.expected.delete(held);
    return expected && !expected.isOver ? expected : this.beginAnother(held);
  }

  private beginAnother(held: HeldNetns): Session {
    this.assertOpen();
    const { spare } = this;
    this.spare = null;
    return spare?.begin(heldPath(held)) ?? this.lanes?.begin(held.fd) ?? netnsSession(held.fd);
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

  /** Reads. A dump that something else changed meanwhile is asked for again. */
  protected async ask(session: Session, words: readonly string[]): Promise<Answer> {
    const [answer] = await this.askAll(session, [words]);
    if (!answer) throw new Error('no answer');
    return answer;
  }

  /** The same for several things. */
  protected async askAll(session: Session, questions: readonly (readonly string[])[]): Promise<Answer[]> {
    try {
      const isInterrupted = (answer: Answer) => answer.ok && INTERRUPTED_DUMP.test(answer.warning);
      let answers = await session.readAll(questions);
      for (let tries = 1; tries < READ_TRIES && answers.some(isInterrupted); tries++)
        answers = await session.readAll(questions);
      return answers;
    } catch (error) {
      if (!(error instanceof SessionEnded)) throw error;
      if (error.status === LOCK_TIMEOUT_STATUS)
        throw new StateError('busy', 'another netwire is at work and did not end in time', '--timeout SECONDS');
      throw new StateError('facts', `reading the machine's network: ${error.message}`, undefined, { cause: error });
    }
  }
}
