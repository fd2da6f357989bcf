import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProcessStat } from '../../src/host/process-stat.ts';
import { parseSubordinates, parseUsers } from '../../src/host/users.ts';
import { foundOf } from '../../src/target/engine.ts';
import { instancePaths } from '../../src/target/instances.ts';
import { isMonitorOf, lxcPath, parseInfo, parseMonitors } from '../../src/target/lxc.ts';
import { machineLeader, machineName } from '../../src/target/nspawn.ts';
import { initProcess } from '../../src/target/oci-state.ts';
import { storedContainers } from '../../src/target/podman.ts';
import { storageSettings } from '../../src/target/podman-store.ts';
import { isMeant, splitScope } from '../../src/target/runtime.ts';

test("a process's stat is read whatever its program is called", () => {
  const rest = 'S 41 42 42 0 -1 1077936128 147 0 0 0 1 0 0 0 20 0 1 0 136929 4399104 225';
  for (const comm of ['sleep', 'a b', ') R 1 (', ''])
    assert.deepEqual(parseProcessStat(`42 (${comm}) ${rest}`), {
      comm,
      state: 'S',
      ppid: 41,
      isKernelThread: false,
      started: 136929,
    });
  assert.equal(
    parseProcessStat('2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 3 0 0')?.isKernelThread,
    true,
  );
  assert.equal(parseProcessStat(''), null);
});

test('users, and the user IDs lent to them', () => {
  const [user] = parseUsers('# x\nu1:x:4711:4711:A user:/home/u1:/bin/sh\nbad\n:x:1::/:\n');
  assert.deepEqual(user, { uid: 4711, name: 'u1', home: '/home/u1' });
  const lent = parseSubordinates('root:100000:65536\nu1:500000:65536\n4711:700000:1\n', { uid: 4711, name: 'u1' });
  assert.deepEqual(lent, [
    { first: 500000, count: 65536 },
    { first: 700000, count: 1 },
  ]);
});

test('what runc and crun write', () => {
  assert.deepEqual(initProcess({ id: 'c1', init_process_pid: 166, init_process_start: 136929 }), {
    pid: 166,
    started: 136929,
  });
  assert.deepEqual(initProcess({ pid: 166, 'process-start-time': 136929, 'cgroup-path': '/c1' }), {
    pid: 166,
    started: 136929,
  });
  for (const state of [null, 'x', [], {}, { pid: 0, 'process-start-time': 0 }, { pid: '1', 'process-start-time': 1 }])
    assert.equal(initProcess(state), null);
});

test("an engine's answer: running, paused, and what it says of the others", () => {
  const container = (State: object) => foundOf({ Id: 'ab', Name: '/c1', State });
  assert.deepEqual(container({ Pid: 7, Status: 'paused' }), { name: 'c1', id: 'ab', state: 'running', pid: 7 });
  assert.deepEqual(container({ Pid: 0, Status: 'exited' }), {
    name: 'c1',
    id: 'ab',
    state: 'stopped',
    status: 'exited',
    isStarting: false,
  });
  for (const Status of ['created', 'restarting']) {
    const found = container({ Pid: 0, Status });
    assert.ok(found.state === 'stopped' && found.isStarting, Status);
  }
});

test("LXC's monitors are seen from their sockets, its containers' processes from lxc-info", () => {
  const sockets = [
    'Num       RefCount Protocol Flags    Type St Inode Path',
    '0000: 00000002 00000000 00010000 0001 01 11 @/var/lib/lxc/web/command',
    '0000: 00000003 00000000 00000000 0001 03 12 @/var/lib/lxc/web/command',
    '0000: 00000002 00000000 00010000 0001 01 13 /run/x/command',
    '0000: 00000002 00000000 00010000 0001 01 14 @/srv/a b/command',
    '0000: 00000002 00000000 00010000 0001 01 15 @/srv/lxc/db/command',
  ].join('\n');
  assert.deepEqual(parseMonitors(sockets), [
    { path: '/var/lib/lxc', name: 'web' },
    { path: '/srv/lxc', name: 'db' },
  ]);
  assert.deepEqual(parseInfo('State:          RUNNING\nPID:            32\n'), { state: 'RUNNING', pid: 32 });
  assert.deepEqual(parseInfo('State:          STOPPED\n'), { state: 'STOPPED', pid: null });
  assert.equal(lxcPath('# lxc.lxcpath = /no\nlxc.lxcpath = /srv/lxc\n'), '/srv/lxc');
  assert.equal(lxcPath('lxc.lxcpath = relative'), null);
});

test('a process is a container of LXC by its whole title alone', () => {
  assert(isMonitorOf(['[lxc monitor] /var/lib/lxc web'], '/var/lib/lxc', 'web'));
  assert(!isMonitorOf(['[lxc monitor] /var/lib/lxc web2'], '/var/lib/lxc', 'web'));
  assert(!isMonitorOf(['[lxc monitor] /srv/lxc web'], '/var/lib/lxc', 'web'));
  assert(isMonitorOf(['/usr/bin/lxc-start', '-F', '-n', 'web'], '/var/lib/lxc', 'web'));
  assert(!isMonitorOf(['/usr/bin/lxc-start', '-F', '-n', 'web2'], '/var/lib/lxc', 'web'));
  assert(!isMonitorOf(['/tmp/evil', '-n', 'web'], '/var/lib/lxc', 'web'));
  assert(!isMonitorOf([], '/var/lib/lxc', 'web'));
});

test('the name that systemd-nspawn gives a machine', () => {
  for (const [line, name] of [
    ['systemd-nspawn -M web -D /srv/x', 'web'],
    ['systemd-nspawn --machine=web', 'web'],
    ['systemd-nspawn -Mweb', 'web'],
    ['systemd-nspawn -D /srv/web', 'web'],
    ['systemd-nspawn --directory=/srv/web', 'web'],
    ['systemd-nspawn -i /srv/web.raw -b', 'web'],
    ['systemd-nspawn -bD /srv/web', 'web'],
    ['systemd-nspawn -D /run/a sh -c true x -M web', 'a'],
    ['systemd-nspawn -q sh -M web', null],
    ['systemd-nspawn --quiet --bind /x:/y -M web', 'web'],
    ['systemd-nspawn -b', null],
  ] as const)
    assert.equal(machineName(line.split(' ')), name, line);
  assert.equal(machineLeader('NAME=web\nCLASS=container\nLEADER=42\n'), 42);
  assert.equal(machineLeader('NAME=vm\nCLASS=vm\nLEADER=42\n'), null);
  assert.equal(machineLeader(''), null);
});

test("Podman's list and settings; what has another form is left out", () => {
  const id = 'c713c3059d7bd3f62f4a96681fea83a5d3854966f91447a0db62d2b74cb9ca89';
  assert.deepEqual(storedContainers([{ id, names: ['p1', 7] }, { id: '../../etc' }, null, { names: ['x'] }]), [
    { id, names: ['p1'] },
  ]);
  assert.deepEqual(storedContainers({}), []);
  const toml = '[storage]\n# graphroot = "/no"\ngraphroot = "/srv/storage"\nrunroot="/run/x"\n';
  assert.deepEqual(storageSettings(toml), { graphroot: '/srv/storage', runroot: '/run/x' });
  assert.deepEqual(storageSettings('graphroot = "relative"'), {});
});

test('instances are named by addresses', () => {
  assert.deepEqual(instancePaths(['/1.0/instances/c1', '/1.0/instances/c2?project=lab%201']), [
    { name: 'c1', project: 'default' },
    { name: 'c2', project: 'lab 1' },
  ]);
});

test('a container is meant by its name, its ID, or the beginning of that, but no PID is', () => {
  const id = '1234567890123456789012345678901234567890123456789012345678abcdef';
  for (const word of ['web', id, id.slice(0, 12)]) assert.ok(isMeant(word, id, ['web']), word);
  for (const word of ['we', '1234', '12345678901', 'abc', '']) assert.ok(!isMeant(word, id, ['web']), word);
});

test('a name may have a scope', () => {
  assert.deepEqual(splitScope('web'), { scope: null, own: 'web' });
  assert.deepEqual(splitScope('k8s.io/web'), { scope: 'k8s.io', own: 'web' });
  assert.deepEqual(splitScope('/srv/lxc/web'), { scope: '/srv/lxc', own: 'web' });
});
