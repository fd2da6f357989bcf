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

// A reader that went away is no reason to leave work half done.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
