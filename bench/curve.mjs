// Attach number 1, 100, 1,000: on a bridge that has as many ports, on a host that has as many links.
import { spawnSync } from 'node:child_process';
import { makeBridge, startContainer } from './host.mjs';
import { measureAll, ms, run, times } from './timing.mjs';

export const title = 'Attach number 1, 100, 1,000';

/** A Linux bridge has room for 1,023 ports. */
const NUMBERS = [1, 100, 1000];

export function measure({ root, runs, short }) {
  const [container, others] = [startContainer(), startContainer()];
  makeBridge('br1');
  const rows = [];
  let ports = 0;
  for (const number of short ? NUMBERS.slice(0, 2) : NUMBERS) {
    const lines = [];
    for (; ports < number - 1; ports++)
      lines.push(
        `link add name p${ports} type veth peer name q${ports} netns ${others}`,
        `link set dev p${ports} master br1 up`,
      );
    run(['ip', '-batch', '-'], lines.join('\n'));
    const attach = ['node', `${root}/bin/netwire`, 'br1', `pid:${container}`, '10.0.0.1/24'];
    const candidates = [{ name: 'it', words: attach, after: ['ip', 'link', 'del', `veth1pl${container}`] }];
    const time = measureAll(candidates, runs).get('it');
    const ratio = time / (rows[0]?.milliseconds ?? time);
    const figures = [ms(time), times(ratio, 'number 1', number === 1000 ? 1.2 : null)];
    rows.push({ name: `netwire attach number ${number}`, milliseconds: time, ratio, figures });
  }
  for (const pid of [container, others]) process.kill(pid, 'SIGKILL');
  spawnSync('ip', ['link', 'del', 'br1']);
  return rows;
}
