/** From a command line to the verb's work and its report. */
import { EXIT, NetwireError, NotRunError, UsageError } from '../errors.ts';
import { readText } from '../host/text-input.ts';
import { Reporter } from '../output/reporter.ts';
import type { BatchLine } from '../request.ts';
import { addRequest } from './add.ts';
import { batchFile, batchLines } from './batch.ts';
import { type CommandLine, parseCommandLine, verbOf } from './command-line.ts';
import { completionShell } from './completion.ts';
import { delRequest } from './del.ts';
import { execRequest } from './exec.ts';
import { showRequest } from './show.ts';
import { toolRequest } from './tool.ts';
import { waitHere, waitRequest } from './wait.ts';
import { takeWords } from './words.ts';

/**
 * @param argv without node and script
 * @returns the exit status
 * @throws NetwireError
 */
export async function run(argv: readonly string[], version: string): Promise<number> {
  try {
    return await obey(argv, version);
  } catch (error) {
    if (verbOf(argv) !== 'exec' || !(error instanceof NetwireError) || error instanceof NotRunError) throw error;
    throw NotRunError.because(error);
  }
}

async function obey(argv: readonly string[], version: string): Promise<number> {
  if (argv.length === 0) {
    const { helpText } = await import('./help.ts');
    process.stderr.write(helpText(null) ?? '');
    return EXIT.usage;
  }
  const line = parseCommandLine(argv);
  if (line.options.version) process.stdout.write(`netwire ${version}\n`);
  else if (line.options.help || line.verb === 'help') process.stdout.write(await help(line, argv));
  else return await work(line);
  return EXIT.done;
}

async function work(line: CommandLine): Promise<number> {
  const report = await Reporter.create(line.options);
  switch (line.verb) {
    case 'add': {
      if (line.options.wait) {
        const { waitFor } = await import('../verb/wait.ts');
        await waitFor(waitHere(line), report.context);
        return EXIT.done;
      }
      const request = addRequest(line);
      const { attach, planAttach } = await import('../verb/attach.ts');
      if (line.options.dryRun) report.plan(await planAttach(request, report.context));
      else report.attached(await attach(request, report.context));
      return EXIT.done;
    }
    case 'del': {
      const request = delRequest(line);
      const { detach, planDetach } = await import('../verb/del.ts');
      if (line.options.dryRun) report.plans(await planDetach(request, report.context));
      else report.detached(await detach(request, report.context), request.all);
      return EXIT.done;
    }
    case 'show': {
      const request = showRequest(line);
      const { show } = await import('../verb/show.ts');
      report.list(await show(request, report.context));
      return EXIT.done;
    }
    case 'gc': {
      takeWords('gc', line.words, [], []);
      const { collect, planCollect } = await import('../verb/gc.ts');
      if (line.options.dryRun) report.plans(await planCollect(report.context));
      else report.collected(await collect(report.context));
      return EXIT.done;
    }
    case 'batch': {
      const file = batchFile(line);
      if (file === null && process.stdin.isTTY)
        report.context.warn('reading lines from the terminal; Ctrl-D ends them');
      const text = await readText(file);
      const lines = batchLines(text, file ?? 'standard input', ({ message, hint }) =>
        report.context.warn(hint === undefined ? message : `${message}; try: ${hint}`),
      );
      return await batchWork(lines, line, report);
    }
    case 'exec': {
      const request = execRequest(line);
      const { execute } = await import('../verb/exec.ts');
      return execute(request, report.context);
    }
    case 'wait': {
      const request = waitRequest(line);
      const { waitFor } = await import('../verb/wait.ts');
      await waitFor(request, report.context);
      return EXIT.done;
    }
    case 'route':
    case 'rule':
    case 'tc': {
      const request = toolRequest(line);
      const { execute } = await import('../verb/exec.ts');
      return execute(request, report.context);
    }
    case 'completion': {
      const shell = completionShell(line);
      const { completionScript } = await import('./completion/index.ts');
      const script = completionScript(shell);
      process.stdout.write(line.options.json ? `${JSON.stringify({ shell, script })}\n` : script);
      return EXIT.done;
    }
    default:
      throw new UsageError(`${line.verb}: this verb is not in this release`, 'netwire help');
  }
}

async function batchWork(lines: readonly BatchLine[], { options }: CommandLine, report: Reporter): Promise<number> {
  const { batch, batchEach } = await import('../verb/batch.ts');
  const { planBatch } = await import('../verb/batch-plan.ts');
  const { context } = report;
  if (options.dryRun) report.batchPlans(await planBatch(lines, context));
  else if (options.keepGoing) {
    return report.batchEnd(await batchEach(lines, context, (result) => report.batchLine(result)));
  } else report.batch(await batch(lines, context, report.progress(lines.length)));
  return EXIT.done;
}

async function help(line: CommandLine, argv: readonly string[]): Promise<string> {
  const { helpOn, helpText } = await import('./help.ts');
  const { verb } = line;
  if (verb !== 'help') return helpText(argv.includes(verb) ? verb : null) ?? '';
  const [word] = takeWords('help', line.words, [], ['VERB']);
  return word === undefined ? (helpText(null) ?? '') : helpOn(word);
}
