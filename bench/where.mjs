// Where the time of one attach goes.
import { spawnSync } from 'node:child_process';
import { makeBridge, startContainer, stepsByHand } from './host.mjs';
import { measureAll, ms } from './timing.mjs';

export const title = 'Where the time of one attach goes';

export function measure({ root, runs }) {
  const container = startContainer();
  makeBridge('br1');
  const netwire = ['node', `${root}/bin/netwire`];
  const host = `veth1pl${container}`;
  const words = ['br1', `pid:${container}`, '10.0.0.1/24'];
  const after = ['ip', 'link', 'del', host];
  const medians = measureAll(
    [
      { name: 'node', words: ['node', '-e', '0'] },
      { name: 'version', words: [...netwire, '--version'] },
      { name: 'plan', words: [...netwire, '--dry-run', ...words] },
      { name: 'attach', words: [...netwire, ...words], after },
      { name: 'hand', words: ['sh', '-c', stepsByHand('br1', container, host)], after },
    ],
    runs,
  );
  process.kill(container, 'SIGKILL');
  spawnSync('ip', ['link', 'del', 'br1']);
  const of = (name) => medians.get(name);
  const parts = [
    ["Node's start (node -e 0)", of('node')],
    ['loading the bundle', of('version') - of('node')],
    ['words, look-up, facts, plan: one process', of('plan') - of('version')],
    ['lock, steps, looking again: one more', of('attach') - of('plan')],
    ['all of an attach', of('attach')],
    ['(in a shell: processes and kernel)', of('hand')],
  ];
  return parts.map(([name, time]) => ({
    ...{ name, milliseconds: time, ratio: time / of('attach') },
    figures: [ms(time), `${((100 * time) / of('attach')).toFixed(0).padStart(4)} %`],
  }));
}
