// Incus is not packaged where these tests run: answers as its API gives them (doc/rest-api.yaml), from a fake daemon.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { NetwireError } from '../../src/errors.ts';
import { incus } from '../../src/target/incus.ts';

const directory = mkdtempSync(`${tmpdir()}/netwire-incus-`);
let daemon: Server;

const metadata = (value: unknown) => ({ type: 'sync', status: 'Success', status_code: 200, metadata: value });
const ANSWERS: Record<string, unknown> = {
  '/1.0/instances?all-projects=true': metadata([
    '/1.0/instances/web?project=lab',
    '/1.0/instances/web',
    '/1.0/instances/db',
    '/1.0/instances/new',
  ]),
  '/1.0/instances?all-projects=true&recursion=1': metadata([
    { name: 'web', project: 'default', status: 'Running', type: 'container' },
    { name: 'web', project: 'lab', status: 'Frozen', type: 'container' },
    { name: 'db', project: 'default', status: 'Stopped', type: 'container' },
  ]),
  '/1.0/instances/web/state?project=default': metadata({ status: 'Running', status_code: 103, pid: 4711 }),
  '/1.0/instances/web/state?project=lab': metadata({ status: 'Frozen', status_code: 110, pid: 4712 }),
  '/1.0/instances/db/state?project=default': metadata({ status: 'Stopped', status_code: 102, pid: 0 }),
  '/1.0/instances/new/state?project=default': metadata({ status: 'Starting', status_code: 106, pid: -1 }),
};

before(async () => {
  process.env.INCUS_SOCKET = `${directory}/unix.socket`;
  daemon = createServer((request, response) => {
    if (request.url === '/1.0/instances/hidden/state?project=default') {
      response.writeHead(403).end('{"error":"not authorized","error_code":403,"type":"error"}');
      return;
    }
    const answer = ANSWERS[request.url ?? ''];
    response
      .writeHead(answer === undefined ? 404 : 200)
      .end(JSON.stringify(answer ?? { type: 'error', error: 'Instance not found', error_code: 404 }));
  });
  await new Promise<void>((resolve) => daemon.listen(process.env.INCUS_SOCKET, resolve));
});

after(() => {
  daemon.close();
  rmSync(directory, { recursive: true });
});

test('an instance by name, in all projects or in one', async () => {
  const found = await incus.find('web', 1);
  assert.deepEqual(
    found.map((one) => [one.name, one.state === 'running' && one.pid]),
    [
      ['web', 4711],
      ['lab/web', 4712],
    ],
  );
  assert.deepEqual(await incus.find('lab/web', 1), [{ name: 'lab/web', id: null, state: 'running', pid: 4712 }]);
});

test('one that is stopped, one that is starting, none', async () => {
  assert.deepEqual(await incus.find('db', 1), [
    { name: 'db', id: null, state: 'stopped', status: 'stopped', isStarting: false },
  ]);
  assert.deepEqual(await incus.find('new', 1), [
    { name: 'new', id: null, state: 'stopped', status: 'starting', isStarting: true },
  ]);
  assert.deepEqual(await incus.find('nope', 1), []);
  assert.deepEqual(await incus.find('lab/nope', 1), []);
});

test('the list says what runs, and how an instance is started', async () => {
  assert.deepEqual(await incus.list(1), [
    { name: 'web', isRunning: true },
    { name: 'lab/web', isRunning: true },
    { name: 'db', isRunning: false },
  ]);
  assert.equal(incus.start?.('lab/web'), 'incus start --project lab web');
});

test('a daemon that does not let this user ask, and one that is off', async () => {
  await assert.rejects(
    incus.find('default/hidden', 1),
    (error) => error instanceof NetwireError && error.exitStatus === 4,
  );
  process.env.INCUS_SOCKET = `${directory}/none`;
  assert.deepEqual(await incus.find('web', 1), []);
});
