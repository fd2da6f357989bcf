/** The machine: reads facts, and carries steps out by whatever they need. */
import { StateError } from '../errors.ts';
import { commandLine, plainWords } from '../plan/print.ts';
import type { Place, Step } from '../plan/step.ts';
import { type Executor, StepFailure } from '../plan/transaction.ts';
import { questionsOf } from './asking.ts';
import type { Answer } from './ip-answer.ts';
import { fitsBatch } from './ip-session.ts';
import { changeSwitch } from './open-vswitch.ts';
import { SessionEnded } from './pipes.ts';
import { type Outcome, runCommand } from './process.ts';
import { Reader } from './reader.ts';
import type { Sysctl } from './session.ts';
import type { Inside } from './sessions.ts';

/** How long an announcement waits for its bridge port to forward, in milliseconds. */
const FORWARDING_TIMEOUT = 1000;

/** How long an answer to a probe is waited for, in milliseconds: the port forwards by the second question. */
const PROBE_TIMEOUT = 2200;

export class Machine extends Reader implements Executor {
  /** Another one on the same host, for work in other containers at the same time; it ends with this one. */
  beside(): Machine {
    const other = new Machine(this.options, this.side);
    this.join(other);
    return other;
  }

  line(netns: Place, command: Step['command']): string {
    return commandLine(netns, command, this.places);
  }

  async execute(step: Step, next?: Step): Promise<void> {
    if (step.onceForwarding !== undefined) await this.forwarding(step.onceForwarding);
    const line = this.line(step.netns, step.command);
    this.options.trace?.(line);
    if (/^ip6?tables$/.test(String(step.command[0]))) this.firewalls.forget();
    // What is on the host does not change by a container's link that is announced and finished.
    if (step.thenAsked === undefined) this.changing();
    const words = plainWords(step.command, (place) => this.heldPath(place));
    const answer = await ended(
      line,
      step.netns === 'host' ? this.onHost(words) : this.inNetns(step.netns, words, step.thenAsked, next),
    );
    if (!answer.ok) throw new StepFailure(line, answer.why, answer.uncertain);
    if (step.unanswered !== undefined && step.netns !== 'host') await this.silence(step.netns, step.unanswered);
    if (words[1] === 'link' && words[2] === 'del') this.forgetNames(step.netns);
    if (words[1] === 'link' && words[2] === 'add' && step.netns === 'host')
      await this.side.renewName(words[words.indexOf('name') + 1] ?? '');
  }

  fits(steps: readonly Step[]): boolean {
    const [{ netns = 'host' } = {}] = steps;
    const { sysctls, changes } = this.inTurn(steps);
    const mayWrite = sysctls.length === 0 || (netns !== 'host' && this.inside(netns).takesSysctls);
    return mayWrite && changes.length > 0 && [...sysctls, ...changes].every(fitsBatch) && changes.every(isForSession);
  }

  async executeAll(steps: readonly Step[]): Promise<void> {
    const [{ netns = 'host' } = {}] = steps;
    const { sysctls, changes } = this.inTurn(steps);
    const session = netns === 'host' ? this.side.renewed() : this.inside(netns);
    const lines = steps.map((step) => this.line(step.netns, step.command));
    for (const line of lines) this.options.trace?.(line);
    this.changing();
    const asked = session.changeAll(
      changes.map((words) => words.slice(1)),
      sysctls.map(setting),
    );
    const answers = await ended(lines.at(-1) ?? '', asked, steps);
    const failed = steps.filter((_, i) => answers[i]?.ok === false);
    const at = answers.findIndex(({ ok }) => !ok);
    const answer = answers[at];
    if (answer && !answer.ok) throw new StepFailure(lines[at] ?? '', answer.why, answer.uncertain, failed);
  }

  /** Their commands, sysctls first. */
  private inTurn(steps: readonly Step[]) {
    const commands = steps.map((step) => plainWords(step.command, (place) => this.heldPath(place)));
    const count = commands.findIndex(([tool]) => tool !== 'sysctl');
    return count === -1
      ? { sysctls: commands, changes: [] }
      : { sysctls: commands.slice(0, count), changes: commands.slice(count) };
  }

  /** Runs a program inside that only reads, to its end. */
  run(place: Inside, words: readonly string[]): Promise<Outcome> {
    return runCommand(['nsenter', `--net=${this.heldPath(place)}`, ...words]);
  }

  private onHost(words: readonly string[]): Promise<Answer> {
    if (words[0] === 'ovs-vsctl') return changeSwitch(words);
    if (words[0] !== 'ip' || !fitsBatch(words)) return command(words);
    return this.side.renewed().change(words.slice(1));
  }

  private async inNetns(
    place: Inside,
    words: readonly string[],
    thenAsked: string | undefined,
    next: Step | undefined,
  ): Promise<Answer> {
    if (words[0] === 'sysctl' && fitsBatch(words)) {
      if (!this.inside(place).takesSysctls) this.endSession(place);
      const { path, value } = setting(words);
      const isLast = next?.netns === place && next.command[0] === 'ip';
      return this.inside(place).sysctl(path, value, isLast);
    }
    if (isForSession(words) && fitsBatch(words)) {
      if (thenAsked === undefined) return this.inside(place).change(words.slice(1));
      const [answer, answers] = await this.inside(place).changeThenRead(words.slice(1), questionsOf(thenAsked));
      this.told = answers && { place, ifname: thenAsked, answers };
      return answer;
    }
    return command(['nsenter', `--net=${this.heldPath(place)}`, ...words]);
  }

  /**
   * Waits for an answer as long as the kernel asks (net/core/neighbour.c: three times, a second apart).
   *
   * @throws StateError when there is one
   */
  private async silence(place: Inside, { address, ifname }: NonNullable<Step['unanswered']>): Promise<void> {
    const deadline = Date.now() + PROBE_TIMEOUT;
    do {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const mac = await this.neighbour(address, ifname, place);
      if (mac === null) continue;
      throw new StateError(
        'address-taken',
        `${address}: another host has this address, with the MAC ${mac}; everything was undone`,
        'another ADDRESS',
      );
    } while (Date.now() < deadline);
  }

  /**
   * A bridge port does not forward at the instant its link comes up: the carrier is noticed by a
   * worker of the kernel's (net/core/link_watch.c). What is announced before that is lost.
   */
  private async forwarding({ port, bridge }: NonNullable<Step['onceForwarding']>): Promise<void> {
    const deadline = Date.now() + FORWARDING_TIMEOUT;
    this.changing();
    while (Date.now() < deadline) {
      this.foreseen.delete(port);
      // Who looks at the result asks for both.
      await this.foresee([port, bridge]);
      const link = this.foreseen.get(port) ?? null;
      // With the spanning tree protocol a port listens and learns for half a minute: too long to wait.
      if (link === null || ['forwarding', 'listening', 'learning'].includes(link.portState ?? '')) return;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

/** Of `sysctl -w net/key=value`, whose key may have a "=" in it. */
function setting(words: readonly string[]): Sysctl {
  const last = words.at(-1) ?? '';
  const equals = last.lastIndexOf('=');
  return { path: last.slice(0, equals), value: last.slice(equals + 1) };
}

/** Options of ip's own are for one that is called by itself. */
function isForSession(words: readonly string[]): boolean {
  return words[0] === 'ip' && !words[1]?.startsWith('-');
}

/**
 * @param turn the steps that are asked for
 * @throws StepFailure where the process ended before it answered: the line may have been carried out
 */
async function ended<T>(line: string, answer: Promise<T>, turn: readonly Step[] | null = null): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof SessionEnded) throw new StepFailure(line, error.message, true, turn);
    throw error;
  }
}

async function command(words: readonly string[]): Promise<Answer> {
  const { ok, why, signal } = await runCommand(words);
  // Ended from outside, it may have done its work all the same.
  if (signal !== null) throw new SessionEnded(`${words[0]} ended with ${signal}`, null);
  return ok ? { ok, json: [], warning: '' } : { ok, why };
}
