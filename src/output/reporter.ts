/** What a verb did, said to people or to programs. Results on stdout, everything else on stderr. */
import type { Attachment } from '../attachment.ts';
import type { Options } from '../cli/options.ts';
import type { Detached } from '../documents.ts';
import { EXIT } from '../errors.ts';
import { watchSignals } from '../host/signals.ts';
import { planLines, plansJson } from '../plan/print.ts';
import type { BatchLine } from '../request.ts';
import type { BatchResult, LineResult } from '../verb/batch.ts';
import type { Context, Planned } from '../verb/context.ts';
import type { GcResult } from '../verb/gc.ts';
import { type AddResult, attachedJson } from '../verb/result.ts';
import { attachedLines, attachmentTable, detachedLines, goneLines } from './attachment.ts';
import { lineJson, lineText } from './batch.ts';
import { type Paint, paintFor } from './colour.ts';
import { errorLines } from './error.ts';

/** Milliseconds: when progress begins to be shown, and how often. */
const PROGRESS = { after: 1000, every: 100 };

export class Reporter {
  private constructor(
    private readonly options: Options,
    private readonly out: Paint,
    private readonly err: Paint,
  ) {}

  static async create(options: Options): Promise<Reporter> {
    const mode = options.json ? 'never' : (options.color ?? 'auto');
    return new Reporter(options, await paintFor(process.stdout, mode), await paintFor(process.stderr, mode));
  }

  /** What the verbs are told, and where they tell things back. */
  get context(): Context {
    const { timeout, verbose, quiet } = this.options;
    return {
      timeout: timeout ?? null,
      watch: watchSignals,
      trace: verbose ? (line) => this.note(line) : undefined,
      warn: (message) => {
        if (!quiet) this.note(`${this.err.warning('netwire:')} ${message}`);
      },
    };
  }

  attached(result: AddResult): void {
    if (this.options.json) this.json(attachedJson(result));
    else this.told(attachedLines(result));
  }

  /** @param all an array in JSON, however many there were */
  detached(results: readonly Detached[], all: boolean): void {
    if (this.options.json) this.json(all ? results : results[0]);
    else this.told(detachedLines(results));
  }

  /** Each line of a batch, and what went along at the end. */
  batch({ results, swept }: BatchResult): void {
    if (this.options.json) this.json(results.map(lineJson));
    else this.told([...results.flatMap(lineText), ...(swept ? goneLines(swept) : [])]);
  }

  /** A line that stands alone, as soon as it is done. */
  batchLine({ error, ...result }: LineResult): void {
    if (error) for (const line of errorLines(error, this.err)) this.note(line);
    else if (!this.options.json) this.told(lineText(result));
  }

  /** @returns the status of the first line that failed, or that of one that left something */
  batchEnd(results: readonly LineResult[]): number {
    if (this.options.json) this.json(results.map(lineJson));
    const statuses = results.flatMap(({ error }) => error?.exitStatus ?? []);
    return statuses.includes(EXIT.leftovers) ? EXIT.leftovers : (statuses[0] ?? EXIT.done);
  }

  /** On a terminal, once it takes over a second: how far a batch is. */
  progress(total: number): (done: number) => void {
    if (this.options.quiet || this.options.json || this.options.verbose || !process.stderr.isTTY) return () => {};
    const begin = Date.now();
    let last = begin;
    return (done) => {
      const now = Date.now();
      if (now - begin < PROGRESS.after || (now - last < PROGRESS.every && done < total)) return;
      last = now;
      process.stderr.write(`\r\x1b[K${done < total ? `${done} of ${total} lines` : ''}`);
    };
  }

  list(attachments: readonly Attachment[]): void {
    if (this.options.json) {
      this.json(attachments);
      return;
    }
    const [heading = '', ...rows] = attachmentTable(attachments);
    this.say(this.out.heading(heading));
    for (const row of rows) this.say(row);
  }

  collected(result: GcResult): void {
    if (this.options.json) {
      this.json(result);
      return;
    }
    this.told([
      ...result.interfaces.map((one) => `${one}: removed, a killed netwire left it`),
      ...result.routes.map((container) => `${container}: default routes back at their metrics`),
      ...goneLines(result),
    ]);
    if (!result.changed && !this.options.quiet) this.note('netwire: nothing to do');
  }

  plan(planned: Planned): void {
    this.plans([planned]);
  }

  plans(planned: readonly Planned[]): void {
    if (this.options.json) {
      this.json(plansJson(planned));
      return;
    }
    const lines = planned.flatMap(({ plan, places }) => planLines(plan, places));
    if (lines.length === 0) this.note('netwire: nothing to do');
    for (const line of lines) this.say(line);
  }

  /** Each line's commands under a comment that names it. */
  batchPlans(lines: readonly { line: BatchLine; planned: readonly Planned[] }[]): void {
    if (this.options.json) {
      this.plans(lines.flatMap(({ planned }) => planned));
      return;
    }
    for (const { line, planned } of lines) {
      const commands = planned.flatMap(({ plan, places }) => planLines(plan, places));
      this.say(`# ${line.place.replace(/\p{Cc}/gu, '?')}${commands.length === 0 ? ': nothing to do' : ''}`);
      for (const command of commands) this.say(command);
    }
  }

  private told(lines: readonly string[]): void {
    if (!this.options.quiet) for (const line of lines) this.say(line);
  }

  private json(document: unknown): void {
    this.say(JSON.stringify(document));
  }

  private say(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  private note(line: string): void {
    process.stderr.write(`${line}\n`);
  }
}
