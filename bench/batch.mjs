// 10, 100 and 1,000 attachments, each container its own, against a script written by hand: one `ip -batch` on the host
// and one in each container.
import { spawnSync } from 'node:child_process';
import { median, milliseconds, ms, peakMemory, run, times } from './timing.mjs';

export const title = 'Many at once';

export async function measure({ root, runs, short }) {
  const rows = [];
  for (const count of short ? [10, 100] : [10, 100, 1000]) {
    const names = Array.from({ length: count }, (_, i) => `b${i}`);
    for (const name of names) run(['ip', 'netns', 'add', name]);
    // Nobody's mark: it stays when its last port goes.
    run(['ip', 'link', 'add', 'br1', 'type', 'bridge']);
    run(['ip', 'link', 'set', 'br1', 'up']);
    rows.push(...(await ofMany(root, names, Math.max(1, Math.min(runs, Math.ceil(2000 / count / 20))))));
    for (const name of names) run(['ip', 'netns', 'del', name]);
    spawnSync('ip', ['link', 'del', 'br1']);
  }
  return rows;
}

async function ofMany(root, names, runs) {
  const netwire = (...words) => ['node', `${root}/bin/netwire`, '-q', ...words];
  const address = (i) => `10.${100 + (i >> 8)}.${i & 255}.1/32`;
  const lines = names.map((name, i) => `br1 netns:${name} ${address(i)}`).join('\n');
  const undo = names.map((name) => `del --all netns:${name}`).join('\n');
  const [script, batch, del, show] = [[], [], [], []];
  for (let i = 0; i < runs; i++) {
    script.push(milliseconds(['sh'], byHand(names, address)));
    for (const name of names) run(['ip', 'link', 'del', `h${name}`]);
    batch.push(milliseconds(netwire('batch'), lines));
    show.push(milliseconds(netwire('show')));
    del.push(milliseconds(netwire('batch'), undo));
  }
  const peak = await peakMemory(netwire('batch'), lines);
  run(netwire('batch'), undo);
  const base = median(script);
  const bar = names.length === 1000 ? 1.5 : null;
  const row = (name, list, more = []) => {
    const time = median(list);
    const figures = [ms(time), times(time / base, 'the script', name.startsWith('batch') ? bar : null), ...more];
    return { name: `${name}, ${names.length}`, milliseconds: time, ratio: time / base, figures };
  };
  return [
    row('the script', script),
    row('batch', batch, [`${peak.toFixed(0)} MB at most [150]`]),
    row('show of them', show),
    row('batch of del --all', del),
  ];
}

function byHand(names, address) {
  const host = names.flatMap((name) => [
    `link add name h${name} type veth peer name eth1 netns ${name}`,
    `link set dev h${name} master br1 up`,
  ]);
  const inside = names.map(
    (name, i) => `nsenter --net=/run/netns/${name} ip -batch - <<BATCH
link set dev eth1 up
addr add ${address(i)} dev eth1
BATCH`,
  );
  return ['ip -batch - <<BATCH', ...host, 'BATCH', ...inside, ''].join('\n');
}
