// netwire killed by SIGKILL, SIGTERM or SIGINT at a random moment, then gc: nothing may be left that a further
// del and gc do not take away, and nothing unfinished after the first.
//
//   node test/random/kill.mjs [ROUNDS [SEED]]     on test/e2e/private-host
import { spawn } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { $, sleep } from 'zx';
import { numbers } from './numbers.mjs';

const [rounds = '15', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const { random, pick } = numbers(Number(seed));
const netwire = new URL('../../bin/netwire', import.meta.url).pathname;
$.verbose = false;
$.quiet = true;

/** A sleeping process with a network of its own, an uplink and a default route. */
async function container() {
  const child = spawn('unshare', ['--net', 'sleep', '10000'], { stdio: 'ignore' });
  const own = readlinkSync('/proc/self/ns/net');
  while (readlinkSync(`/proc/${child.pid}/ns/net`) === own) await sleep(5);
  const lines = ['link add eth0 type veth peer name up0', 'link set eth0 up', 'link set up0 up'];
  lines.push('addr add 172.17.0.2/16 dev eth0', 'route add default via 172.17.0.1');
  await $({ input: lines.join('\n') })`nsenter --net=/proc/${child.pid}/ns/net ip -batch -`;
  return child;
}

const children = [await container(), await container()];
const [a, b] = children.map(({ pid }) => String(pid));
await $`ip link add lan0 type veth peer name lan1`;
await $`ip link set lan0 up`;

/** What there is before the one that is killed: nothing, or an attachment. */
const BEFORE = [
  null,
  ['br1', a, '10.0.0.1/24@10.0.0.254'],
  [`veth:${b}`, a, '10.0.0.1/24', '--peer-address', '10.0.0.2/24'],
];
const COMMANDS = [
  { args: ['br1', a, '10.0.0.1/24@10.0.0.254,fd00::1/64'] },
  { args: ['lan0', a, '10.0.0.1/24@10.0.0.254'] },
  { args: [`veth:${b}`, a, '10.0.0.1/24@10.0.0.2', '--peer-address', '10.0.0.2/24@10.0.0.1'] },
  { args: ['--replace', 'br2', a, '10.0.0.9/24@10.0.0.254'] },
  { args: ['--replace', 'br1', a, '10.0.0.9/24@10.0.0.253,10.0.0.1/24'] },
  { args: ['del', a] },
  { args: ['batch'], input: `br3 ${b} 10.1.0.1/24@10.1.0.254 -i eth3\ndel ${a}\nbr1 ${a} 10.0.0.7/24@10.0.0.1\n` },
];

async function state() {
  const inside = children.map(({ pid }) => `nsenter --net=/proc/${pid}/ns/net`);
  const all = ['', ...inside].map(
    (enter) => `${enter} ip -br addr; ${enter} ip route show table all; ${enter} ip -6 route show`,
  );
  const { stdout } = await $`sh -c ${all.join('\n')}`;
  return stdout
    .replace(/^.*(fe80|ff00|local ::1).*\n/gm, '')
    .replace(/(LOWERLAYERDOWN|UNKNOWN|UP|DOWN)/g, '')
    .replace(/ +$/gm, '');
}

const run = (args, input = '') => $({ nothrow: true, input })`node ${netwire} ${args}`;

console.log(`# seed ${seed}, ${rounds} rounds`);
const counts = {};
try {
  const before = await state();
  for (let round = 0; round < Number(rounds); round++) {
    const there = pick(BEFORE);
    const { args, input = '' } = pick(COMMANDS);
    const signal = pick(['SIGKILL', 'SIGKILL', 'SIGTERM', 'SIGINT']);
    if (there) await run(there);
    const killed = spawn('node', [netwire, ...args], { stdio: ['pipe', 'ignore', 'pipe'] });
    killed.stdin.end(input);
    let said = '';
    killed.stderr.on('data', (text) => (said += text));
    const over = new Promise((resolve) => killed.once('close', (status, by) => resolve(by ?? status)));
    const delay = 20 + random(180);
    await sleep(delay);
    killed.kill(signal);
    const end = await over;
    counts[`${signal} -> ${end}`] = (counts[`${signal} -> ${end}`] ?? 0) + 1;
    const what = `round ${round}: ${there ? `netwire ${there.join(' ')}; ` : ''}netwire ${args.join(' ')}, ${signal} after ${delay} ms: ${end} ${said}`;
    if (end === 5) throw new Error(`${what}\nit left something`);
    const collected = await run(['gc']);
    if (collected.exitCode !== 0) throw new Error(`${what}\ngc: ${collected.exitCode} ${collected.stderr}`);
    const now = await state();
    if (/\bnw[abc]/.test(now)) throw new Error(`${what}\nafter gc there is still\n${now}`);
    for (const pid of [a, b]) {
      const taken = await run(['del', '--all', pid]);
      if (taken.exitCode !== 0) throw new Error(`${what}\ndel: ${taken.exitCode} ${taken.stderr}`);
    }
    await run(['gc']);
    const after = await state();
    if (after !== before) throw new Error(`${what}\nbefore\n${before}\nafter\n${after}\nafter gc\n${now}`);
  }
  console.log(`# ${JSON.stringify(counts)}`);
} catch (error) {
  console.error(`seed ${seed}: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const child of children) child.kill('SIGKILL');
  await $({ nothrow: true })`ip link del lan0`;
}
