// The random tests, long: npm run soak [-- MINUTES]      each run's seed is printed; a failure ends it
import { $, path } from 'zx';

const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);
process.env.NETWIRE_ROOT = root;
process.env.BATS_LIB_PATH = `${root}/test/e2e`;
delete process.env.NODE_EXTRA_CA_CERTS;
$.verbose = false;

const minutes = Number(process.argv[2] ?? 60);
const end = Date.now() + minutes * 60_000;
const host = [`${root}/test/e2e/private-host`];
const total = { steps: 0, kills: 0, stresses: 0 };
while (Date.now() < end) {
  const seed = String(Math.floor(Math.random() * 1e9));
  for (const [what, count, words] of [
    ['steps', 300, ['node', '--import', 'tsx', 'test/random/sequence.mjs', '300', seed]],
    ['kills', 100, ['node', 'test/random/kill.mjs', '100', seed]],
    ['stresses', 1, ['node_modules/bats/bin/bats', '--tap', '-f', 'fifty netwires', 'test/e2e/85-random.bats']],
  ]) {
    const { exitCode, stdout, stderr } = await $({ nothrow: true })`${host} ${words}`;
    if (exitCode !== 0) {
      console.error(`${stdout}${stderr}failed: seed ${seed}: ${words.join(' ')}`);
      process.exit(1);
    }
    total[what] += count;
  }
  console.log(
    `seed ${seed}: ${total.steps} steps, ${total.kills} kills, ${total.stresses} times fifty at once, no fault`,
  );
}
