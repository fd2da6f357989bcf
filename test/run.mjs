// Runs the suites and adds up. A test whose program or kernel feature is absent is skipped with its
// reason; with NETWIRE_TEST_REQUIRE=all a skip is a failure.
//
//   node test/run.mjs [SUITE | FILE.bats]...     suites: unit, e2e, kernel, runtime (default: all)
import { $, glob, os, path } from 'zx';

const root = path.resolve(import.meta.dirname, '..');
process.chdir(root);
process.env.NETWIRE_ROOT = root;
process.env.BATS_LIB_PATH = `${root}/test/e2e`;
// Where it is set, Node parses a bundle of certificates at each start.
delete process.env.NODE_EXTRA_CA_CERTS;
$.verbose = false;
// Nobody types: what reads its standard input finds an end.
$.stdio = ['ignore', 'pipe', 'pipe'];

const total = { passed: 0, failed: 0, skipped: 0 };

async function unit() {
  const files = await glob(['test/**/*.test.ts']);
  await count(
    $`node --import tsx --test --test-reporter=tap ${files.sort()}`,
    (line) => !/^( |# Subtest|TAP|$)/.test(line),
  );
}

/** A file that hangs is a failure, with what came until then: in seconds. (bats' own limit may outlive its test.) */
const LIMIT = ['timeout', '--kill-after=10', '900'];

/** Each file on a private host of its own, as many at once as there are processors; its results stand together. */
async function e2e(files) {
  const run = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const possible = await $({ nothrow: true, quiet: true })`unshare ${run} --net --mount true`;
  if (possible.exitCode !== 0) return skipAll('e2e', files, `no namespaces of our own here: ${possible.stderr.trim()}`);
  const waiting = [...files];
  const worker = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const begin = Date.now();
      const lines = [];
      const bats = [`${root}/test/e2e/private-host`, 'node_modules/bats/bin/bats', '--tap'];
      await count(
        $`${LIMIT} ${bats} ${file}`,
        () => true,
        (line) => lines.push(line),
      );
      console.log([`# ${file}: ${((Date.now() - begin) / 1000).toFixed(0)} s`, ...lines].join('\n'));
    }
  };
  // They wait more than they compute, so that the kernel suite beside them is none too many.
  const processors = os.availableParallelism();
  await Promise.all(Array.from({ length: Math.min(processors, 4) }, worker));
}

/** What a link kind needs that a kernel may lack; made and gone on a private host. */
const DRIVERS = `ip link add p0 type veth peer name p1 &&
  ip link add link p0 name p0.1 type vlan id 1 && ip link add link p1 name i1 type ipvlan &&
  ip link add d0 type dummy && ip link add b0 type bridge vlan_filtering 1`;

/**
 * Kinds of links: on this kernel where it has them all, else on another one, booted twice for all. Files
 * below `machine` need that machine for themselves: NICs, and what the kernel does in its first namespace.
 */
async function kernel(files) {
  await together('kernel', (print) => kinds(files, print));
}

/** A suite's lines stand together, at its end. */
async function together(name, run) {
  const lines = [];
  const begin = Date.now();
  await run((line) => lines.push(line));
  console.log([`# ${name}: ${((Date.now() - begin) / 1000).toFixed(0)} s`, ...lines].join('\n'));
}

async function kinds(files, print) {
  const own = files.filter((file) => file.includes('/machine/'));
  const others = files.filter((file) => !own.includes(file));
  const bats = 'node_modules/bats/bin/bats --tap --timing';
  const native = await $({ nothrow: true, quiet: true })`${root}/test/e2e/private-host sh -c ${DRIVERS}`;
  if (native.exitCode === 0 && others.length > 0)
    await count($`${LIMIT} ${root}/test/e2e/private-host ${bats.split(' ')} ${others}`, () => true, print);
  const rest = native.exitCode === 0 ? own : files;
  if (process.getuid?.() !== 0) return skipAll('kernel', rest, 'booting another kernel needs root');
  const qemu = await $({ nothrow: true, quiet: true })`command -v qemu-system-x86_64`;
  if (qemu.exitCode !== 0) return skipAll('kernel', rest, 'qemu-system-x86 is not installed');
  const stub = await $`mktemp -d`;
  process.env.NETWIRE_IBSTUB = stub.stdout.trim();
  await $({ nothrow: true })`${root}/test/lab/ibstub/build ${process.env.NETWIRE_IBSTUB}`;
  const emulated = rest === files ? others : [];
  // Two machines at once: each is one processor's work. The first files take longest, and the second machine has NICs
  // besides.
  const half = Math.max(1, Math.ceil(emulated.length / 2) - 1);
  const machines = [
    [[`test/e2e/private-host ${bats}`, emulated.slice(0, half)]],
    [
      [`test/e2e/private-host ${bats}`, emulated.slice(half)],
      [bats, own],
    ],
  ].map((parts) => parts.filter(([, some]) => some.length > 0));
  // On an emulated processor each sixth step of a plan is failed, not each, from one by chance.
  const stride = process.env.NETWIRE_FAULT_STRIDE ?? '6';
  const boot = async (parts) => {
    // Each part's status counts; the shell goes on after a failure.
    const each = parts.map(([command, some]) => `${command} ${some.join(' ')} || status=1;`);
    const script = `export NETWIRE_FAULT_STRIDE=${stride}; status=0; ${each.join(' ')} exit $status`;
    const lines = [];
    await count(
      $`${root}/test/lab/vmrun -n -t 1500 -- sh -c ${script}`,
      () => true,
      (line) => lines.push(line),
    );
    for (const line of lines) print(line);
  };
  await Promise.all(machines.filter((parts) => parts.length > 0).map(boot));
  await $`rm -rf ${process.env.NETWIRE_IBSTUB}`;
}

/** Against real runtimes, as root; each file on a private machine of its own. */
async function runtime(files) {
  if (process.getuid?.() !== 0) return skipAll('runtime', files, 'starting container runtimes needs root');
  const bats = [...LIMIT, `${root}/test/runtime/private-machine`, 'node_modules/bats/bin/bats', '--tap'];
  await together('runtime', async (print) => {
    for (const file of files) await count($`${bats} ${file}`, () => true, print);
  });
}

function skipAll(suite, files, reason) {
  console.log(`ok - ${suite} # skip ${reason}`);
  total.skipped += files.length;
}

/** Passes TAP on and counts its results; a run that ended badly without one counts as a failure. */
async function count(run, shown = () => true, print = (line) => console.log(line)) {
  let failed = 0;
  let rest = '';
  run.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (/^not ok /.test(line)) failed += 1;
      else if (/^ok .*# skip/i.test(line)) total.skipped += 1;
      else if (/^ok /.test(line)) total.passed += 1;
      if (shown(line) || failed > 0) print(line);
    }
  });
  run.stderr.on('data', (chunk) => print(String(chunk).trimEnd()));
  const { exitCode } = await run.nothrow();
  if (exitCode !== 0 && failed === 0) {
    print(`# it ended with status ${exitCode}`);
    failed += 1;
  }
  total.failed += failed;
}

const suites = { kernel, runtime, unit, e2e };
const wanted = process.argv.slice(2);
const names = wanted.filter((one) => one in suites);
const files = wanted.filter((one) => one.endsWith('.bats'));
const beside = [];
for (const [name, suite] of Object.entries(suites)) {
  const own = files.filter((file) => file.includes(`/${name}/`));
  if (wanted.length > 0 && own.length === 0 && !names.includes(name)) continue;
  const run = suite(own.length > 0 ? own : (await glob([`test/${name}/**/*.bats`])).sort());
  // Another kernel is slow and takes one processor: it boots first, and its results come last. Runtimes are waited
  // for more than they work.
  if (name === 'kernel' || name === 'runtime') {
    beside.push(run);
    continue;
  }
  console.log(`# ${name}`);
  await run;
}
await Promise.all(beside);
if (process.env.NETWIRE_TEST_REQUIRE === 'all') total.failed += total.skipped;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;
