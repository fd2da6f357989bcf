import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { readStateFile } from '../../src/host/state-file.ts';

test('a file below /proc whose process ends between open and read is as one that is not there', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const fd = openSync(`/proc/${child.pid}/cmdline`, 'r');
  assert.equal(readStateFile(`/proc/self/fd/${fd}`), 'sleep\x0060\0');
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.equal(readStateFile(`/proc/self/fd/${fd}`), null);
  closeSync(fd);
});
