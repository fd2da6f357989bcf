// Random sequences of commands, deaths, restarts and damage on a private host, compared with a model after each.
//
//   node --import tsx test/random/sequence.mjs [STEPS [SEED]]     on test/e2e/private-host
import { spawn } from 'node:child_process';
import { readlinkSync, writeFileSync } from 'node:fs';
import { $ } from 'zx';
import { Model, SLOTS, shape } from './model.ts';
import { numbers } from './numbers.mjs';

const [steps = '60', seedWord = String(Date.now() % 1_000_000)] = process.argv.slice(2);
const netwire = new URL('../../bin/netwire', import.meta.url).pathname;
$.verbose = false;
$.quiet = true;

const { random, pick, chance } = numbers(Number(seedWord));
const some = (list, most) => [...new Set(Array.from({ length: 1 + random(most) }, () => pick(list)))];

const model = new Model();
const pids = {};
const children = {};
const log = [];
/** Since something went by itself the host may hold leftovers, until gc. */
let isSettled = true;

const ADDRESSES = ['10.1.0.1/24', '10.1.0.2/24', '10.2.0.1/24', '10.3.0.1/16', 'fd00:1::1/64', 'fd00:2::1/64'];
const IFNAMES = ['eth1', 'eth2', 'lan0'];

async function start(slot) {
  const child = spawn('unshare', ['--net', 'sleep', '10000'], { stdio: 'ignore' });
  children[slot] = child;
  pids[slot] = child.pid;
  const own = readlinkSync('/proc/self/ns/net');
  while (readlinkSync(`/proc/${child.pid}/ns/net`) === own) await new Promise((resolve) => setTimeout(resolve, 5));
  const lines = ['link add eth0 type veth peer name up0', 'link set eth0 up', 'link set up0 up'];
  lines.push('addr add 172.17.0.2/16 dev eth0', 'route add default via 172.17.0.1');
  await $({ input: lines.join('\n') })`nsenter --net=/proc/${child.pid}/ns/net ip -batch -`;
}

async function stop(slot) {
  const child = children[slot];
  const over = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await over;
  delete pids[slot];
  // The kernel takes a namespace down in its own time.
  for (let i = 0; i < 200; i++) {
    const left = await $({ nothrow: true })`ip -o link show`;
    if (!left.stdout.includes(`pl${child.pid}`)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function randomInterface(slot) {
  const others = SLOTS.filter((one) => one !== slot);
  const addresses = some(ADDRESSES, 3);
  const inet = addresses.find((one) => !one.includes(':'));
  const parent = pick(['br1', 'br1', 'br2', 'macvlan:lan0', `veth:${pick(others)}`]);
  const isCable = parent.startsWith('veth:');
  return {
    parent,
    addresses,
    gateway: inet && chance(50) ? inet.replace(/\.\d+\/.*/, '.254') : null,
    peer: isCable ? { ifname: pick(IFNAMES), addresses: some(ADDRESSES, 2) } : null,
  };
}

/** The same as is there, a little different, or something else. */
function randomAdd() {
  const slot = pick(SLOTS);
  const { interfaces } = model.containers[slot];
  const ifname = pick(IFNAMES);
  const there = interfaces.get(ifname);
  const replace = chance(50);
  let wanted = randomInterface(slot);
  if (there && chance(70)) {
    const { parent, addresses, gateway, peer } = there;
    wanted = { parent, addresses: [...addresses].reverse(), gateway, peer };
    if (chance(60)) {
      const other = randomInterface(slot);
      wanted = { ...wanted, addresses: other.addresses, gateway: other.gateway };
    }
  }
  const far = wanted.parent.startsWith('veth:') ? wanted.parent.slice('veth:'.length) : null;
  const addresses = free(slot, ifname, wanted.addresses);
  const hasInet = addresses.some((one) => !one.includes(':'));
  wanted = { ...wanted, addresses, gateway: hasInet ? wanted.gateway : null };
  if (far && wanted.peer)
    wanted.peer = { ...wanted.peer, addresses: free(far, wanted.peer.ifname, wanted.peer.addresses) };
  return { verb: 'add', slot, ifname, wanted, replace };
}

/**
 * Mostly without addresses that another interface has, which are refused; and always without those of one
 * that somebody damaged, which may have lost them.
 */
function free(slot, ifname, addresses) {
  const isAvoided = chance(80);
  const isTaken = (one) => {
    const holders = model.holders(slot, [one]).filter((name) => name !== ifname);
    return holders.some((name) => isAvoided || model.containers[slot].interfaces.get(name).isDamaged);
  };
  const left = addresses.filter((one) => !isTaken(one));
  return left.length > 0 ? left : [`10.4.${random(250)}.${1 + random(250)}/32`];
}

function randomCommand() {
  if (chance(75)) return randomAdd();
  const slot = pick(SLOTS);
  return { verb: 'del', slot, ifname: chance(15) ? null : pick(IFNAMES) };
}

const pidOf = (slot) => String(pids[slot] ?? 999_999_999);

function words(command) {
  const { slot, ifname } = command;
  if (command.verb === 'del') return ['del', pidOf(slot), ...(ifname === null ? ['--all'] : [ifname])];
  const { parent, addresses, gateway, peer } = command.wanted;
  const at = addresses.findIndex((one) => !one.includes(':'));
  const address = addresses.map((one, i) => (i === at && gateway ? `${one}@${gateway}` : one)).join(',');
  const [kind, far] = parent.split(':');
  return [
    ...(command.replace ? ['--replace'] : []),
    ...['-i', ifname],
    ...(peer ? ['--peer-ifname', peer.ifname, '--peer-address', peer.addresses.join(',')] : []),
    ...[kind === 'veth' ? `veth:${pidOf(far)}` : parent, pidOf(slot), address],
  ];
}

async function run(args, input = '') {
  log.push(`netwire ${args.join(' ')}${input ? ` <<<\n${input}` : ''}`);
  const { exitCode, stderr } = await $({ nothrow: true, input })`node ${netwire} ${args}`;
  log.push(`  -> ${exitCode} ${stderr.trim()}`);
  return exitCode;
}

const inside = (slot, line) => $({ nothrow: true })`nsenter --net=/proc/${pids[slot]}/ns/net sh -c ${line}`;

/** Somebody's hand. */
async function damage() {
  const slot = pick(SLOTS);
  const { interfaces, defaults } = model.containers[slot];
  const [ifname] = some([...interfaces.keys()], 1);
  if (!ifname) return;
  const there = interfaces.get(ifname);
  const isPort = there.parent.startsWith('br') && !there.isUnplugged;
  const what = pick(['down', 'flush', 'extra', 'mtu', 'delete', ...(isPort ? ['unplug', 'end-down', 'cut'] : [])]);
  const end = isPort ? await hostEnd(slot, ifname) : '';
  const commands = {
    down: `ip link set ${ifname} down`,
    flush: `ip addr flush dev ${ifname} scope global`,
    extra: `ip addr add 10.99.0.1/24 dev ${ifname}`,
    mtu: `ip link set ${ifname} address 02:00:00:00:09:99`,
    delete: `ip link del ${ifname}`,
  };
  log.push(`# ${slot} ${ifname}: ${what}`);
  if (commands[what]) await inside(slot, commands[what]);
  else if (what === 'unplug') await $`ip link set ${end} nomaster`;
  else if (what === 'end-down') await $`ip link set ${end} down`;
  else await $`ip link del ${end}`;
  if (what === 'delete' || what === 'cut') {
    model.remove(slot, ifname);
    isSettled = false;
    return;
  }
  there.isDamaged = true;
  if (what === 'unplug') there.isUnplugged = true;
  if (what === 'unplug') isSettled = false;
  if ((what === 'down' || what === 'flush') && there.gateway !== null) {
    there.isRouteGone = true;
    isSettled = false;
    model.containers[slot].defaults = defaults.filter((one) => one !== ifname);
  }
}

async function hostEnd(slot, ifname) {
  const shown = JSON.parse((await $`node ${netwire} show ${pidOf(slot)} ${ifname} --json`).stdout);
  return shown[0].host_ifname;
}

function compare(what, is, expected) {
  if (JSON.stringify(is) === JSON.stringify(expected)) return;
  throw new Error(`${what}\n  is       ${JSON.stringify(is)}\n  expected ${JSON.stringify(expected)}`);
}

/** The kernel against the model. */
async function check() {
  const shown = JSON.parse((await $`node ${netwire} show --json`).stdout);
  for (const slot of SLOTS) {
    const { alive, interfaces, defaults } = model.containers[slot];
    if (!alive) continue;
    const own = shown.filter(({ pid, ifname }) => pid === pids[slot] && !['eth0', 'up0'].includes(ifname));
    compare(`interfaces of ${slot}`, own.map(({ ifname }) => ifname).sort(), [...interfaces.keys()].sort());
    for (const one of own) {
      const there = interfaces.get(one.ifname);
      compare(`${slot} ${one.ifname}: made by netwire`, one.ours, true);
      if (there.isDamaged) continue;
      const far = SLOTS.find((other) => one.parent === `pid:${pids[other]}`);
      const parent = far ? `veth:${far}` : one.kind === 'macvlan' ? `macvlan:${one.parent}` : one.parent;
      const addresses = one.addr_info
        .map(({ local, prefixlen }) => `${local}/${prefixlen}`)
        .filter((a) => !a.startsWith('fe80'));
      const { far: _, ...expected } = shape(there);
      compare(
        `${slot} ${one.ifname}`,
        { parent, addresses: addresses.sort(), gateway: one.gateway[0] ?? null },
        expected,
      );
    }
    const routes = JSON.parse((await inside(slot, 'ip -j route show default')).stdout);
    const sorted = routes.map(({ dev, metric = 0 }) => ({ dev, metric })).sort((x, y) => x.metric - y.metric);
    compare(
      `default routes of ${slot}`,
      sorted.map(({ dev }) => dev),
      defaults,
    );
    if (isSettled)
      compare(
        `metrics of ${slot}`,
        sorted.map(({ metric }) => metric),
        defaults.map((_, i) => i * 1_000_000),
      );
  }
  const links = JSON.parse((await $`ip -j -d link show`).stdout);
  const bridges = links.filter(({ linkinfo }) => linkinfo?.info_kind === 'bridge').map(({ ifname }) => ifname);
  if (isSettled) compare('bridges', bridges.sort(), model.bridges());
  for (const name of model.bridges()) if (!bridges.includes(name)) throw new Error(`${name} is gone`);
  const stray = links.filter(({ ifname, group }) => /^nw[abc]/.test(ifname) || group === '1852142711');
  compare(
    'stray links',
    stray.map(({ ifname }) => ifname),
    [],
  );
}

async function obey(command) {
  const expected = model.apply(command);
  const status = await run(words(command));
  if (expected === null ? status > 1 : (status === 0) !== expected)
    throw new Error(`status ${status}, expected ${expected}`);
}

/** Lines that all succeed, or none does anything. */
async function batch() {
  const commands = Array.from({ length: 2 + random(4) }, randomCommand);
  const after = model.clone();
  const results = commands.map((command) => after.apply(command));
  if (results.includes(null)) return;
  const isGood = !results.includes(false);
  const status = await run(['batch'], commands.map((command) => words(command).join(' ')).join('\n'));
  if ((status === 0) !== isGood) throw new Error(`status ${status}, expected ${isGood}`);
  if (isGood) model.containers = after.containers;
}

async function step() {
  const dice = random(100);
  if (dice < 55) return obey(randomCommand());
  if (dice < 70) return batch();
  if (dice < 82) return damage();
  if (dice < 90) {
    if ((await run(['gc'])) !== 0) throw new Error('gc failed');
    isSettled = !SLOTS.some((slot) =>
      [...model.containers[slot].interfaces.values()].some((one) => one.isRouteGone || one.isUnplugged),
    );
    return;
  }
  const slot = pick(SLOTS);
  const { alive } = model.containers[slot];
  log.push(`# ${slot} ${alive ? 'dies' : 'starts'}`);
  if (alive) {
    await stop(slot);
    model.die(slot);
    isSettled = false;
    if (chance(50)) return;
  }
  await start(slot);
  model.restart(slot);
}

async function hostState() {
  const { stdout } = await $`ip -br link show`;
  return stdout;
}

console.log(`# seed ${seedWord}, ${steps} steps`);
await $`ip link add lan0 type veth peer name lan1`;
await $`ip link set lan0 up`;
await $`ip link set lan1 up`;
const before = await hostState();
try {
  for (const slot of SLOTS) await start(slot);
  for (let i = 0; i < Number(steps); i++) {
    log.push(`--- ${i}`);
    await step();
    await check();
  }
  for (const slot of SLOTS) if (model.containers[slot].alive) await obey({ verb: 'del', slot, ifname: null });
  await run(['gc']);
  isSettled = true;
  await check();
  compare('the host', await hostState(), before);
} catch (error) {
  writeFileSync(2, `${log.slice(-60).join('\n')}\nseed ${seedWord}: ${error.stack}\n`);
  process.exitCode = 1;
} finally {
  for (const child of Object.values(children)) child.kill('SIGKILL');
  await $({ nothrow: true })`ip link del lan0`;
}
