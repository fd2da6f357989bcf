// `npm run bench`: what netwire costs, as ratios within one run (medians of alternating runs), on a host of its own.
// With PIPEWORK=/path/to/pipework that is measured beside it. Never a test: a slow machine is no failure.
//
//   node bench/run.mjs [--runs N] [--short] [--json] [SECTION]...     sections: commands, curve, batch, where
import { spawnSync } from 'node:child_process';
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { path } from 'zx';
import * as batch from './batch.mjs';
import * as commands from './commands.mjs';
import * as curve from './curve.mjs';
import * as where from './where.mjs';

const root = path.resolve(import.meta.dirname, '..');
// Where it is set, Node parses a bundle of certificates at each start, and that is all one measures.
delete process.env.NODE_EXTRA_CA_CERTS;
delete process.env.DOCKER_HOST;

if (!process.env.NETWIRE_BENCH_INSIDE) {
  const words = ['node', import.meta.filename, ...process.argv.slice(2)];
  const env = { ...process.env, NETWIRE_BENCH_INSIDE: '1' };
  // A machine without containers of anybody's: root alone may have one.
  const place = process.getuid?.() === 0 ? 'runtime/private-machine' : 'e2e/private-host';
  process.exit(spawnSync(`${root}/test/${place}`, words, { env, stdio: 'inherit' }).status ?? 1);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string' }, short: { type: 'boolean', default: false }, json: { type: 'boolean' } },
});
const { short } = values;
const runs = Number(values.runs ?? (short ? 5 : 20));

const SECTIONS = { commands, curve, batch, where };
const environment = {
  ...{ node: process.version, kernel: release(), cpu: cpus()[0]?.model ?? '', cores: cpus().length },
  ...{ runs, NODE_EXTRA_CA_CERTS: 'unset' },
};
if (!values.json) {
  console.log(`Node ${environment.node}, Linux ${environment.kernel}, ${environment.cores} x ${environment.cpu}`);
  console.log(`medians of ${runs} alternating runs; NODE_EXTRA_CA_CERTS unset; bars in brackets`);
}
const sections = {};
for (const [name, { title, measure }] of Object.entries(SECTIONS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const rows = await measure({ root, runs, short });
  sections[name] = rows;
  if (values.json) continue;
  console.log(`\n${title}\n`);
  for (const { name: what, figures } of rows) console.log(`${what.padEnd(40)}${figures.join('  ')}`);
}
if (values.json) console.log(JSON.stringify({ environment, sections }));
