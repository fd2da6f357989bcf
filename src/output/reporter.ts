/** What a verb did, said to people or to programs. Results on stdout, everything else on stderr. */
import type { Attachment } from '../attachment.ts';
import type { Options } from '../cli/options.ts';
import { planJson, planLines } from '../plan/print.ts';
import type { AddResult } from '../verb/add.ts';
import type { Context, Planned } from '../verb/context.ts';
import type { DelResult } from '../verb/del.ts';
import type { GcResult } from '../verb/gc.ts';
import { attachmentLine, attachmentTable } from './attachment.ts';
import { type Paint, paintFor } from './colour.ts';

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
      trace: verbose ? (line) => this.note(line) : undefined,
      warn: (message) => {
        if (!quiet) this.note(`${this.err.warning('netwire:')} ${message}`);
      },
    };
  }

  attached({ attachment, changed, madeBridge }: AddResult): void {
    if (this.options.json) {
      this.json({ ...attachment, changed });
      return;
    }
    if (this.options.quiet) return;
    if (madeBridge !== null) this.say(`bridge ${madeBridge}: made`);
    this.say(`${attachmentLine(attachment)}${changed ? '' : ' (as it was; nothing to do)'}`);
  }

  /** @param all an array in JSON, however many there were */
  detached(results: readonly DelResult[], all: boolean): void {
    if (this.options.json) {
      this.json(all ? results : results[0]);
      return;
    }
    if (this.options.quiet) return;
    for (const { attachment, bridges, returned, links } of results) {
      if (attachment !== null) this.say(`${attachment.container} ${attachment.ifname}: taken back`);
      for (const link of returned) this.say(`link ${link}: at home again`);
      for (const link of links) this.say(`link ${link}: removed, nobody uses it`);
      for (const bridge of bridges) this.say(`bridge ${bridge}: removed, its last port is gone`);
    }
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
    if (this.options.quiet) return;
    for (const one of result.interfaces) this.say(`${one}: removed, a killed netwire left it`);
    for (const container of result.routes) this.say(`${container}: default routes back at their metrics`);
    for (const link of result.returned) this.say(`link ${link}: at home again`);
    for (const link of result.links) this.say(`link ${link}: removed, nobody uses it`);
    for (const bridge of result.bridges) this.say(`bridge ${bridge}: removed, it has no port`);
    if (!result.changed) this.note('netwire: nothing to do');
  }

  plan(planned: Planned): void {
    this.plans([planned]);
  }

  plans(planned: readonly Planned[]): void {
    if (this.options.json) {
      this.json({ steps: planned.flatMap(({ plan, places }) => planJson(plan, places).steps) });
      return;
    }
    const lines = planned.flatMap(({ plan, places }) => planLines(plan, places));
    if (lines.length === 0) this.note('netwire: nothing to do');
    for (const line of lines) this.say(line);
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
