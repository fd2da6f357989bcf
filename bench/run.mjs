// `npm run bench`: what netwire costs, as ratios within one run (medians of alternating runs), on a
// private host. With PIPEWORK=/path/to/pipework that is measured beside it.
//
//   node bench/run.mjs [--runs N] [--json]
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { parseArgs } from 'node:util';
import { path } from 'zx';

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

const { values } = parseArgs({ options: { runs: { type: 'string', default: '20' }, json: { type: 'boolean' } } });
const runs = Number(values.runs);

/** Runs words to their end, which must be a good one. */
function run([file, ...words]) {
  const { status, stderr } = spawnSync(file, words, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${file} ${words.join(' ')}: ${stderr}`);
}

function milliseconds(words) {
  const before = process.hrtime.bigint();
  run(words);
  return Number(process.hrtime.bigint() - before) / 1e6;
}

/** Times all candidates in turn, again and again, so that what else the machine does hits them alike. */
function measure(candidates) {
  const times = new Map(candidates.map(({ name }) => [name, []]));
  for (let i = -1; i < runs; i++)
    for (const { name, words, after } of candidates) {
      const time = milliseconds(words);
      if (i >= 0) times.get(name).push(time);
      if (after) run(after);
    }
  return [...times].map(([name, list]) => ({ name, milliseconds: median(list) }));
}

function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** A process with a network of its own. */
function startContainer() {
  const { stdout } = spawnSync('sh', ['-c', 'unshare --net sleep 100000 >/dev/null 2>&1 & echo $!'], {
    encoding: 'utf8',
  });
  const pid = Number(stdout);
  while (readlinkSync(`/proc/${pid}/ns/net`) === readlinkSync('/proc/self/ns/net'));
  return pid;
}

/**
 * Docker, Podman, containerd and LXC side by side, each with something to be asked about.
 *
 * @returns the PID of Docker's container c1; null where one of them is not installed
 */
function startRuntimes() {
  const programs = ['dockerd', 'podman', 'containerd', 'lxc-start', 'curl'];
  const absent = (program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0;
  if (process.getuid?.() !== 0 || programs.some(absent)) return null;
  spawn('containerd', { stdio: 'ignore', detached: true }).unref();
  const env = { ...process.env, RUNTIMES_STATE: '/run/lab', RUNTIMES_NO_APT: '1' };
  const options = { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
  const { status } = spawnSync(`${root}/test/lab/runtimes-up`, ['docker', 'lxc'], options);
  if (status !== 0) return null;
  const image = 'tar -C /run/lab/busybox-rootfs -c . | podman import -q - localhost/test';
  spawnSync('sh', ['-c', `${image} && podman create --network none --name p1 localhost/test true`], options);
  spawnSync('docker', ['run', '-d', '--network', 'none', '--name', 'c1', 'netwire-test:busybox'], options);
  while (!existsSync('/run/containerd/containerd.sock'));
  process.env.NETWIRE_LXCPATH = '/run/lab/lxc';
  return Number(spawnSync('docker', ['inspect', '-f', '{{.State.Pid}}', 'c1'], options).stdout) || null;
}

const container = startContainer();
const dockerPid = startRuntimes();
run(['ip', 'link', 'add', 'br1', 'type', 'bridge']);
run(['ip', 'link', 'set', 'br1', 'up', 'alias', 'netwire:1']);

const netwire = ['node', `${root}/bin/netwire`];
const host = `veth1pl${container}`;
const remove = ['ip', 'link', 'del', host];
/** The same steps by hand: what no tool can be quicker than. */
const byHand = `
ip -batch - <<BATCH
link add name ${host} mtu 1500 type veth peer name eth1 mtu 1500 netns ${container}
link set dev ${host} master br1 up
BATCH
nsenter --net=/proc/${container}/ns/net sh -c 'echo 1 >/proc/sys/net/ipv4/conf/eth1/arp_notify; exec ip -batch -' <<BATCH
link set dev eth1 up
addr add 10.0.0.1/24 broadcast + dev eth1
BATCH`;

const candidates = [
  { name: 'node -e 0', words: ['node', '-e', '0'] },
  { name: 'netwire --version', words: [...netwire, '--version'], bar: 1.6 },
  { name: 'netwire --help', words: [...netwire, '--help'] },
  { name: 'netwire show PID', words: [...netwire, 'show', `pid:${container}`] },
  { name: 'the same steps by sh', words: ['sh', '-c', byHand], after: remove },
  {
    name: 'netwire attach by PID',
    words: [...netwire, 'br1', `pid:${container}`, '10.0.0.1/24'],
    after: remove,
    bar: 2.2,
  },
];
if (dockerPid !== null)
  candidates.push(
    { name: 'netwire show pid:c1', words: [...netwire, 'show', `pid:${dockerPid}`] },
    { name: 'netwire show c1', words: [...netwire, 'show', 'c1'], over: 'netwire show pid:c1', barMilliseconds: 15 },
  );
const { PIPEWORK } = process.env;
if (PIPEWORK)
  candidates.push({ name: 'pipework attach', words: [PIPEWORK, 'br1', `${container}`, '10.0.0.1/24'], after: remove });

const medians = measure(candidates);
const base = medians[0].milliseconds;
const timeOf = (name) => medians.find((row) => row.name === name)?.milliseconds ?? Number.NaN;
const rows = medians.map((row, i) => {
  const { bar = null, over = null, barMilliseconds = null } = candidates[i];
  const more = over === null ? null : { over, milliseconds: row.milliseconds - timeOf(over), bar: barMilliseconds };
  return { ...row, ratio: row.milliseconds / base, bar, more };
});
const environment = {
  node: process.version,
  kernel: release(),
  cpu: cpus()[0]?.model ?? '',
  cores: cpus().length,
  runs,
};
process.kill(container, 'SIGKILL');
if (dockerPid !== null) spawnSync('docker', ['rm', '-f', 'c1'], { stdio: 'ignore' });

if (values.json) {
  console.log(JSON.stringify({ environment, rows }));
} else {
  console.log(`Node ${environment.node}, Linux ${environment.kernel}, ${environment.cores} x ${environment.cpu}`);
  console.log(`median of ${runs} alternating runs; bars in brackets\n`);
  for (const { name, milliseconds: time, ratio, bar, more } of rows) {
    const figures = `${time.toFixed(1).padStart(7)} ms ${ratio.toFixed(2).padStart(6)} x node -e 0`;
    const extra = more === null ? '' : `  ${more.milliseconds.toFixed(1)} ms over ${more.over} [${more.bar} ms]`;
    console.log(`${name.padEnd(24)}${figures}${bar === null ? '' : `  [${bar}]`}${extra}`);
  }
}
