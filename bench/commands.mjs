// One command at a time: starting, looking, attaching; beside other tools that do the same.
import { spawnSync } from 'node:child_process';
import { makeBridge, startContainer, startRuntimes, stepsByHand } from './host.mjs';
import { measureAll, ms, processesOf, times } from './timing.mjs';

export const title = 'One command';

export function measure({ root, runs }) {
  const container = startContainer();
  const dockerPid = startRuntimes(root);
  makeBridge('br1');
  const netwire = ['node', `${root}/bin/netwire`];
  const unplug = (pid) => ['ip', 'link', 'del', `veth1pl${pid}`];
  const attach = (name) => [...netwire, 'br1', name, '10.0.0.1/24'];
  const candidates = [
    { name: 'node -e 0', words: ['node', '-e', '0'] },
    { name: 'netwire --version', words: [...netwire, '--version'], bar: 1.6 },
    { name: 'netwire --help', words: [...netwire, '--help'] },
    { name: 'netwire show PID', words: [...netwire, 'show', `pid:${container}`] },
    {
      name: 'the same steps by sh',
      words: ['sh', '-c', stepsByHand('br1', container, `veth1pl${container}`)],
      after: unplug(container),
    },
    {
      name: 'netwire attach by PID',
      words: attach(`pid:${container}`),
      after: unplug(container),
      bar: 2.2,
      traced: true,
    },
    ...(dockerPid === null ? [] : byDocker(netwire, attach, unplug, dockerPid)),
    ...pipework(dockerPid === null ? String(container) : 'c1', unplug(dockerPid ?? container)),
  ];
  const medians = measureAll(candidates, runs);
  // Their networks make the host forward, and a look at the firewall worth a process to netwire.
  const others = dockerPid === null ? [] : engines();
  for (const [name, time] of measureAll(others, runs)) medians.set(name, time);
  candidates.push(...others);
  const base = medians.get('node -e 0');
  const rows = candidates.flatMap(({ name, words, after, bar = null, over, most, traced }) => {
    const time = medians.get(name);
    if (time === null) return [];
    const figures = [ms(time), times(time / base, 'node -e 0', bar)];
    if (over) figures.push(`${(time - medians.get(over)).toFixed(1)} ms over ${over} [${most} ms]`);
    if (traced) {
      const count = processesOf(words);
      if (count !== null) figures.push(`${count} processes [2]`);
      if (count !== null) spawnSync(after[0], after.slice(1));
    }
    return [{ name, milliseconds: time, ratio: time / base, bar, figures }];
  });
  process.kill(container, 'SIGKILL');
  spawnSync('ip', ['link', 'del', 'br1']);
  return rows;
}

function byDocker(netwire, attach, unplug, pid) {
  return [
    { name: 'netwire show pid:c1', words: [...netwire, 'show', `pid:${pid}`] },
    { name: 'netwire show c1', words: [...netwire, 'show', 'c1'], over: 'netwire show pid:c1', most: 15 },
    { name: 'netwire attach by Docker name', words: attach('c1'), after: unplug(pid), bar: 2.2, traced: true },
  ];
}

function pipework(container, after) {
  const { PIPEWORK } = process.env;
  if (!PIPEWORK) return [];
  // It looks for bridges below /sys, which shows the links of the namespace that mounted it.
  const sys = 'mkdir -p /run/cgroup && mount --rbind /sys/fs/cgroup /run/cgroup && mount -t sysfs sysfs /sys';
  spawnSync('sh', ['-c', `${sys} && mount --rbind /run/cgroup /sys/fs/cgroup`]);
  // It announces by arping, for a second.
  const quiet = 'sed "s/installed arping/false/" "$0" >/run/pipework.quiet; chmod +x /run/pipework.quiet';
  spawnSync('sh', ['-c', quiet, PIPEWORK]);
  const words = ['br1', container, '10.0.0.1/24'];
  return [
    { name: 'pipework', words: [PIPEWORK, ...words], after, traced: true },
    { name: 'pipework, announcing nothing', words: ['/run/pipework.quiet', ...words], after, traced: true },
  ];
}

function engines() {
  const options = { stdio: 'ignore' };
  for (const network of ['n1', 'n2']) spawnSync('docker', ['network', 'create', network], options);
  spawnSync('docker', ['run', '-d', '--network', 'n1', '--name', 'c2', 'netwire-test:busybox'], options);
  spawnSync('podman', ['network', 'create', 'n3'], options);
  spawnSync('podman', ['network', 'create', 'n4'], options);
  spawnSync('podman', ['run', '-d', '--network', 'n3', '--name', 'p2', 'localhost/test', 'sleep', '1000'], options);
  return [
    {
      name: 'docker network connect',
      words: ['docker', 'network', 'connect', 'n2', 'c2'],
      after: ['docker', 'network', 'disconnect', 'n2', 'c2'],
    },
    {
      name: 'podman network connect',
      words: ['podman', 'network', 'connect', 'n4', 'p2'],
      after: ['podman', 'network', 'disconnect', 'n4', 'p2'],
    },
  ];
}
