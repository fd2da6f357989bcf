/**
 * A conversation with one `ip -batch -` (ip(8)): facts are asked and changes made by the same
 * process, line by line. With -force it outlives a failed line, so that what it holds (the lock)
 * is held until the end.
 *
 * After each line a word that ip does not know is sent. Its complaint comes on stderr behind
 * anything the line itself had to say there, "Command failed" above all, so a failure can never be
 * mistaken for a success.
 */
import {
  type Answer,
  asAnswer,
  failureOf,
  linesOf,
  parseDocument,
  type Said,
  saidBeforeEach,
  tidy,
} from './ip-answer.ts';
import { IP, SYSCTL_THEN_IP } from './ip-processes.ts';
import { Pipes, SessionEnded } from './pipes.ts';
import type { Sysctl } from './session.ts';

/** A word that the line format of -batch cannot carry: there "#" begins a comment even in quotes. */
export function fitsBatch(words: readonly string[]): boolean {
  return !words.some((word) => /["'#\\\n]/.test(word));
}

const DONE: Answer = { ok: true, json: [], warning: '' };

export class IpSession {
  private over: SessionEnded | null = null;
  private marks = 0;
  /** How many lines this ip was sent: it names the failed one by number. */
  private ipLines = 0;
  /** What was asked last is answered. */
  private turn: Promise<void> = Promise.resolve();

  /**
   * @param speaksIp it is an ip already, and no shell that takes sysctls
   * @param lastWord what comes on stderr when it has ended and the process behind the pipes has not
   */
  constructor(
    private readonly pipes: Pipes,
    private speaksIp: boolean,
    private readonly lastWord: string | null = null,
  ) {}

  /**
   * Begins one on the host.
   *
   * @param wrapper words before `ip`, such as flock(1)'s
   */
  static onHost(wrapper: readonly string[] = []): IpSession {
    return new IpSession(Pipes.to([...wrapper, ...IP]), true);
  }

  /** Begins one in the namespace behind a descriptor; at first it takes sysctls. */
  static inNetns(fd: number): IpSession {
    return new IpSession(Pipes.to(['nsenter', '--net=/proc/self/fd/3', 'sh', '-c', SYSCTL_THEN_IP], fd), false);
  }

  /**
   * Asks one thing of `ip`, which prints an answer whatever it is. Links are to be asked for by `addr show`: `link show` sets ip's family
   * for the rest of the batch (iproute2's ip/iplink.c, preferred_family), and every later
   * `addr show` would leave the addresses out.
   *
   * @param words what follows `ip`
   * @throws SessionEnded when the process is gone
   */
  read(words: readonly string[]): Promise<Answer> {
    return this.run(words, true);
  }

  /**
   * Changes one thing; nothing is printed when it works.
   *
   * @param words what follows `ip`
   * @throws SessionEnded when the process is gone
   */
  change(words: readonly string[]): Promise<Answer> {
    return this.run(words, false);
  }

  /**
   * Asks several things at once. Each prints one line when it works; whose line is whose cannot be told when
   * one does not, so each is asked by itself then.
   */
  async readAll(questions: readonly (readonly string[])[]): Promise<Answer[]> {
    const { ok, lines, warning } = await this.converse(questions, questions.length);
    if (ok && warning === '' && lines.length === questions.length)
      return lines.map((line) => ({ ok, json: parseDocument(line), warning }));
    if (questions.length === 1) return [asAnswer({ ok, lines, warning })];
    const answers: Answer[] = [];
    for (const words of questions) answers.push(await this.read(words));
    return answers;
  }

  /** Changes several things in one turn; sysctls only before anything is asked or changed. */
  async changeAll(changes: readonly (readonly string[])[], sysctls: readonly Sysctl[]): Promise<Answer[]> {
    const marks = sysctls.map(() => this.nextMark());
    const settings = sysctls.map(({ path, value }, i) => `${marks[i]} ${path} ${value}\n`);
    const first = this.ipLines + 1;
    const { stderr } = await this.converse(changes, 0, settings.join(''));
    const failures = changes.map((_, i) => failureOf(first + i));
    const said = saidBeforeEach(stderr, [...marks.map((mark) => `"${mark}"\n`), ...failures]);
    return said.map((why, i) => {
      // A sysctl's mark always comes, a change's only where it failed.
      const isDone = i < marks.length ? why === '' : why === null;
      return isDone ? DONE : { ok: false, why: why || 'it failed' };
    });
  }

  /** Changes one thing, and asks several in the same turn. */
  async changeThenRead(
    change: readonly string[],
    questions: readonly (readonly string[])[],
  ): Promise<[Answer, Answer[] | null]> {
    const line = failureOf(this.ipLines + 1);
    const said = await this.converse([change, ...questions], questions.length);
    const { ok, lines, warning, stderr } = said;
    const end = stderr.indexOf(line);
    if (end !== -1) return [{ ok: false, why: tidy(stderr.slice(0, end)) || 'it failed' }, null];
    const isWhole = ok && warning === '' && lines.length === questions.length;
    const answers = isWhole ? lines.map((one): Answer => ({ ok, json: parseDocument(one), warning })) : null;
    return [DONE, answers];
  }

  private async run(words: readonly string[], prints: boolean): Promise<Answer> {
    return asAnswer(await this.converse([words], prints ? 1 : 0));
  }

  /**
   * @param prints how many lines there are at least on stdout when all works
   * @param before for the shell that it is at first
   */
  private converse(questions: readonly (readonly string[])[], prints: number, before = ''): Promise<Said> {
    let text = before;
    if (!this.speaksIp) {
      this.speaksIp = true;
      text += 'ip\n';
    }
    const failures: string[] = [];
    for (const words of questions) {
      if (!fitsBatch(words)) throw new Error(`not for a batch: ${words.join(' ')}`);
      text += `${words.map((word) => (/^[^\s]+$/.test(word) ? word : `"${word}"`)).join(' ')}\n`;
      this.ipLines += 1;
      failures.push(failureOf(this.ipLines));
    }
    const mark = this.nextMark();
    this.ipLines += 1;
    const failed = (stderr: string) => failures.some((one) => stderr.includes(one));
    return this.exchange(`${text}${mark}\n`, mark, failed, prints);
  }

  /** Has the process ended? */
  get isOver(): boolean {
    return this.ended !== null;
  }

  private get ended(): SessionEnded | null {
    const { pipes, lastWord } = this;
    if (this.over !== null) return this.over;
    if (pipes.ended !== null || lastWord === null) return pipes.ended;
    const at = pipes.stderr.indexOf(lastWord);
    // The pipes are another's from then on.
    if (at !== -1) this.over ??= new SessionEnded(tidy(pipes.stderr.slice(0, at)) || 'ip ended', null);
    return this.over;
  }

  /** May a sysctl still be written by this conversation? */
  get takesSysctls(): boolean {
    return !this.speaksIp;
  }

  /**
   * Writes below /proc/sys; only before anything is asked or changed.
   *
   * @param path with slashes: `net/ipv4/conf/eth1/arp_notify`
   * @param isLast it becomes ip at once, before that is needed
   */
  async sysctl(path: string, value: string, isLast: boolean): Promise<Answer> {
    const mark = this.nextMark();
    this.speaksIp = isLast;
    const text = `${mark} ${path} ${value}\n${isLast ? 'ip\n' : ''}`;
    const { ok, warning } = await this.exchange(text, mark, (stderr) => tidy(stderr) !== '', 0);
    return ok ? { ok, json: [], warning } : { ok, why: warning };
  }

  /** Ends the process at once; only while nothing has been changed by it. */
  kill(): void {
    this.pipes.kill();
  }

  /** Lets the process end, and waits for that; of one among others on the same pipes nobody waits for it. */
  async close(): Promise<void> {
    if (this.lastWord === null) await this.pipes.close();
    // Of all that ip reads this ends it (ip/ip.c, usage), as -force is of no avail there.
    else if (!this.isOver) this.pipes.write(this.speaksIp ? 'help\n' : 'end\n');
  }

  private nextMark(): string {
    this.marks += 1;
    return `netwire-${this.marks}`;
  }

  /**
   * @param failed whether what came on stderr before the mark tells of a failure
   * @param prints how many lines there are at least on stdout when it does not
   */
  private exchange(text: string, mark: string, failed: (stderr: string) => boolean, prints: number): Promise<Said> {
    // Whoever comes while another waits for an answer is next.
    const said = this.turn.then(() => this.exchangeNow(text, mark, failed, prints));
    this.turn = said.then(
      () => {},
      () => {},
    );
    return said;
  }

  private async exchangeNow(
    text: string,
    mark: string,
    failed: (stderr: string) => boolean,
    prints: number,
  ): Promise<Said> {
    const { pipes } = this;
    if (this.ended) throw this.ended;
    pipes.write(text);
    let at = pipes.stderr.indexOf(`"${mark}"`);
    while (at === -1) {
      await pipes.news();
      at = pipes.stderr.indexOf(`"${mark}"`);
      if (at === -1 && this.ended) throw this.ended;
    }
    const before = pipes.stderr.slice(0, pipes.stderr.lastIndexOf('\n', at) + 1);
    pipes.stderr = pipes.stderr.slice(pipes.stderr.indexOf('\n', at) + 1);
    // What was printed was written before the complaint, but may be read after it.
    await new Promise((resolve) => setImmediate(resolve));
    const ok = !failed(before);
    while (ok && prints > 0 && !(pipes.stdout.endsWith('\n') && linesOf(pipes.stdout).length >= prints)) {
      if (this.ended) throw this.ended;
      await pipes.news();
    }
    const lines = linesOf(pipes.stdout);
    pipes.stdout = '';
    return { ok, lines, warning: tidy(before), stderr: before };
  }
}
