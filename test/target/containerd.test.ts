import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { namespacesWithTasks } from '../../src/target/containerd.ts';
import { cri } from '../../src/target/cri.ts';

let state = '';
const tasks = () => path.join(state, 'io.containerd.runtime.v2.task');
const socket = () => path.join(state, 'containerd.sock');

before(() => {
  state = mkdtempSync(path.join(tmpdir(), 'containerd-'));
  process.env.CONTAINER_RUNTIME_ENDPOINT = `unix://${socket()}`;
});
after(() => {
  delete process.env.CONTAINER_RUNTIME_ENDPOINT;
  rmSync(state, { recursive: true });
});

test('pods are asked for beside another match only where some may run', () => {
  assert.equal(namespacesWithTasks(socket()), null);
  assert.equal(cri.hidesRunning(), true, 'no containerd, so nobody knows');
  mkdirSync(path.join(tasks(), 'k8s.io'), { recursive: true });
  mkdirSync(path.join(tasks(), 'moby', 'c1'), { recursive: true });
  assert.deepEqual(namespacesWithTasks(socket()), ['moby']);
  assert.equal(cri.hidesRunning(), false, 'a containerd without pods');
  mkdirSync(path.join(tasks(), 'k8s.io', 'pod1'));
  assert.equal(cri.hidesRunning(), true);
  process.env.CONTAINER_RUNTIME_ENDPOINT = 'tcp://192.0.2.1:1';
  assert.equal(cri.hidesRunning(), true, 'what cannot be asked says so itself');
});
