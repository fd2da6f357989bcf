/** The conversation on the host, which holds the lock, and whatever those in containers share. */

import { ask } from './asking.ts';
import { Firewalls } from './firewall.ts';
import type { Answer } from './ip-answer.ts';
import { Lanes } from './lanes.ts';
import { type HeldNetns, heldPath, release } from './netns.ts';
import { hostSession, hostSessionWithSpare, netnsSession, type Session, type Spare } from './session.ts';

export interface MachineOptions {
  /** Seconds to wait for the lock; null: take none, nothing will be changed. */
  readonly lockSeconds: number | null;
  /** Called with each command before it runs. */
  readonly trace: ((line: string) => void) | undefined;
  /** It goes through many containers. */
  readonly many?: boolean;
  /** Firewalls that will most likely be asked; of no effect with `many`. */
  readonly rulesets?: readonly string[];
}

export class HostSide {
  session: Session;
  readonly firewalls: Firewalls;
  /** How often others may have been at work since it began. */
  unlocks = 0;
  /** The lock was had, or none is needed. */
  isReady: boolean;
  private readonly lanes: Lanes | null;
  private spare: Spare | null = null;
  /** Begun for containers that are not entered yet. */
  private readonly expected = new Map<HeldNetns, Session>();
  /** All that were entered: their descriptors are let go at the end. */
  private readonly entered = new Set<HeldNetns>();
  private readonly names = new Set<string>();
  private readonly oldNames = new Set<string>();
  private isClosed = false;
  /** The first answer of the process that holds the lock; it is asked at once, while containers are looked for. Null: it came, or there is no lock. */
  private greeting: Promise<Answer> | null;

  constructor(readonly options: MachineOptions) {
    this.isReady = options.lockSeconds === null;
    this.lanes = options.many ? new Lanes() : null;
    // Work that changes something in one container will need a conversation there.
    if (options.lockSeconds === null || options.many) {
      this.session = this.beginHost();
      this.firewalls = new Firewalls(Promise.resolve(''));
    } else {
      const { host, spare, report } = hostSessionWithSpare(options.lockSeconds, options.rulesets ?? []);
      this.session = host;
      this.spare = spare;
      this.firewalls = new Firewalls(report);
    }
    this.greeting = this.isReady ? null : this.greet();
    // Whoever needs the lock asks for the answer by "ready".
    this.greeting?.catch(() => {});
  }

  private greet(): Promise<Answer> {
    return ask(this.session, ['addr', 'show', 'dev', 'lo']);
  }

  /** The one on the host; where it was killed from outside, another one that undoes what it did. */
  renewed(): Session {
    if (this.session.isOver) this.session = this.beginHost();
    return this.session;
  }

  private beginHost(): Session {
    this.assertOpen();
    return hostSession(this.options.lockSeconds);
  }

  async ready(): Promise<void> {
    await this.greeting;
    this.greeting = null;
    this.isReady = true;
  }

  giveUpWaiting(): void {
    if (!this.isReady) this.session.kill();
  }

  /** Holds a namespace to the end. */
  hold(held: HeldNetns): void {
    if (this.isClosed) release(held);
    this.assertOpen();
    this.entered.add(held);
  }

  /** Begins a conversation in a namespace that will be entered next. */
  expect(held: HeldNetns): void {
    if (!this.expected.has(held)) this.expected.set(held, this.beginAnother(held));
  }

  /** A conversation in a namespace. */
  beginInside(held: HeldNetns): Session {
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

  async unlocked<T>(work: () => Promise<T>): Promise<T> {
    this.unlocks += 1;
    this.firewalls.forget();
    await this.session.close();
    try {
      return await work();
    } finally {
      this.session = this.beginHost();
      this.greeting = this.greet();
      await this.ready();
    }
  }

  /** Notes that the ip on the host was asked for a link by its name, which it keeps with its number (iproute2's lib/ll_map.c). */
  noteName(name: string): void {
    this.names.add(name);
  }

  /** A link went by what somebody else than that ip did: it may take another one of the same name for it. */
  outdateNames(): void {
    for (const name of this.names) this.oldNames.add(name);
    this.names.clear();
  }

  /** A link of that name was made: where the name is old, that ip looks at all such links, and learns their numbers. */
  async renewName(name: string): Promise<void> {
    if (!this.oldNames.delete(name)) return;
    await ask(this.session, ['addr', 'show', 'type', 'veth']);
  }

  /** Lets the processes end, and the lock with them. */
  close(): void {
    this.giveUpWaiting();
    this.isClosed = true;
    for (const session of [this.session, ...this.expected.values()]) void session.close();
    this.spare?.close();
    this.lanes?.end();
    for (const held of this.entered) release(held);
  }

  /** Work that was left while it waited goes on for a moment, and may begin nothing. */
  private assertOpen(): void {
    if (this.isClosed) throw new Error('this work was left');
  }
}
