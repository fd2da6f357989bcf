/** argv in, exit status out: the only place that prints errors and ends the process. */
import packageJson from '../package.json' with { type: 'json' };
import { sayError } from './output/error.ts';
import { stderr, stdout } from './output/standard.ts';

async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    stdout.write(`netwire ${packageJson.version}\n`);
    return 0;
  }
  try {
    const { run } = await import('./cli/run.ts');
    return await run(argv, packageJson.version);
  } catch (error) {
    return sayError(error, argv);
  }
}

/** A full disk is told of; a reader that went away is no reason to complain. */
function outputFailed(status: number): boolean {
  const { failure } = stdout;
  if (failure === null || failure.code === 'EPIPE') return false;
  const done = status === 0 ? '; what was asked for is done' : '';
  stderr.write(`netwire: standard output: ${failure.message}${done}\n`);
  return true;
}

void main(process.argv.slice(2)).then((status) => {
  // At once: a signal that comes while Node winds down would end it with another status.
  process.exit(outputFailed(status) ? Math.max(status, 1) : status);
});
