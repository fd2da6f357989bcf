// 10, 100 and 1,000 attachments, each container its own, against a script written by hand: one `ip -batch` on the host
// and one in each container.
import { spawn, spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { median, milliseconds, ms, peakMemory, run, times } from './timing.mjs';

export const title = 'Many at once';

export async function measure({ root, runs, short }) {
  const rows = [];
  for (const count of short ? [10, 100] : [10, 100, 1000]) {
    const containers = await Promise.all(Array.from({ length: count }, container));
    const pids = containers.map(({ pid }) => pid);
    // Nobody's mark: it stays when its last port goes.
    run(['ip', 'link', 'add', 'br1', 'type', 'bridge']);
    run(['ip', 'link', 'set', 'br1', 'up']);
    rows.push(...(await ofMany(root, pids, Math.max(1, Math.min(runs, Math.ceil(2000 / count / 20))))));
    for (const one of containers) one.kill('SIGKILL');
    spawnSync('ip', ['link', 'del', 'br1']);
  }
  return rows;
}

/** A process in a network of its own. */
async function container() {
  const child = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' });
  const own = readlinkSync('/proc/self/ns/net');
  while (readlinkSync(`/proc/${child.pid}/ns/net`) === own) await new Promise((resolve) => setTimeout(resolve, 5));
  return child;
}

async function ofMany(root, pids, runs) {
  const netwire = (...words) => ['node', `${root}/bin/netwire`, '-q', ...words];
  const address = (i) => `10.${100 + (i >> 8)}.${i & 255}.1/32`;
  const lines = pids.map((pid, i) => `br1 ${pid} ${address(i)}`).join('\n');
  const undo = pids.map((pid) => `del --all ${pid}`).join('\n');
  const [script, same, batch, del, show] = [[], [], [], [], []];
  const unplug = () => {
    for (const pid of pids) run(['ip', 'link', 'del', `h${pid}`]);
  };
  for (let i = 0; i < runs; i++) {
    script.push(milliseconds(['sh'], byHand(pids, address)));
    unplug();
    same.push(milliseconds(['sh'], withPromises(pids, address)));
    unplug();
    batch.push(milliseconds(netwire('batch'), lines));
    show.push(milliseconds(netwire('show')));
    del.push(milliseconds(netwire('batch'), undo));
  }
  const peak = await peakMemory(netwire('batch'), lines);
  run(netwire('batch'), undo);
  const base = median(script);
  const bar = pids.length === 1000 ? 1.5 : null;
  const row = (name, list, more = []) => {
    const time = median(list);
    const figures = [ms(time), times(time / base, 'the script', name.startsWith('batch') ? bar : null), ...more];
    return { name: `${name}, ${pids.length}`, milliseconds: time, ratio: time / base, figures };
  };
  return [
    row('the script', script),
    row('the steps of netwire by sh', same),
    row('batch', batch, [`${peak.toFixed(0)} MB at most [150]`]),
    row('show of them', show),
    row('batch of del --all', del),
  ];
}

function byHand(pids, address) {
  const host = pids.flatMap((pid) => [
    `link add name h${pid} type veth peer name eth1 netns ${pid}`,
    `link set dev h${pid} master br1 up`,
  ]);
  const inside = pids.map(
    (pid, i) => `nsenter --net=/proc/${pid}/ns/net ip -batch - <<BATCH
link set dev eth1 up
addr add ${address(i)} dev eth1
BATCH`,
  );
  return ['ip -batch - <<BATCH', ...host, 'BATCH', ...inside, ''].join('\n');
}

/** What netwire does besides, without netwire: marks, a group until it is finished, an announcement, a look at the result. */
function withPromises(pids, address) {
  const mac = (i) => `0e:00:00:00:${[i >> 8, i & 255].map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`;
  const host = pids.flatMap((pid, i) => [
    `link add name h${pid} mtu 1500 type veth peer name eth1 address ${mac(i)} mtu 1500 group 1852142711 netns ${pid}`,
    `link set dev h${pid} alias "netwire:1 netns=4026532281 pid:${pid}" addrgenmode none master br1 up`,
  ]);
  const inside = pids.map(
    (pid, i) => `nsenter --net=/proc/${pid}/ns/net sh -c 'echo 1 >/proc/sys/net/ipv4/conf/eth1/arp_notify
exec ip -j -d -batch -' <<BATCH >/dev/null
link set dev eth1 alias netwire:1
link set dev eth1 up
addr add ${address(i)} dev eth1
link set dev eth1 address ${mac(i)} group default
addr show dev eth1
route show exact default table all
route show table all proto 110
BATCH`,
  );
  const look = pids.map((pid) => `addr show dev h${pid}`);
  return [
    'ip -batch - <<BATCH',
    ...host,
    'BATCH',
    ...inside,
    'ip -j -d -batch - <<BATCH >/dev/null',
    ...look,
    'BATCH',
    '',
  ].join('\n');
}
