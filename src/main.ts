/** argv in, exit status out: the only place that prints errors and ends the process. */
import packageJson from '../package.json' with { type: 'json' };
import { sayError } from './output/error.ts';

async function main(argv: readonly string[]): Promise<number> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`netwire ${packageJson.version}\n`);
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
function outputFailed(status: number): Promise<boolean> {
  return new Promise((resolve) => {
    process.stdout.write('', (error) => {
      const code = error && 'code' in error ? error.code : null;
      if (!error || code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return resolve(false);
      const done = status === 0 ? '; what was asked for is done' : '';
      process.stderr.write(`netwire: standard output: ${error.message}${done}\n`, () => resolve(true));
    });
  });
}

process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
void main(process.argv.slice(2)).then(async (status) => {
  // At once: a signal that comes while Node winds down would end it with another status.
  process.exit((await outputFailed(status)) ? Math.max(status, 1) : status);
});
