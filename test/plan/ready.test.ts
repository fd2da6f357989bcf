import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { Machine } from '../../src/host/machine.ts';
import type { BatchLine } from '../../src/request.ts';
import type { Prepared } from '../../src/verb/add.ts';
import { Ready } from '../../src/verb/batch-plan.ts';

const LINE = { place: 'lab:1' } as unknown as BatchLine;
const PLAN = {} as Prepared;

test('a plan that was made ahead is good once, for half a minute, and only while no other netwire could work', () => {
  mock.timers.enable({ apis: ['Date'] });
  const machine = { unlocks: 0 } as Machine & { unlocks: number };
  const ready = new Ready(machine);
  ready.note(LINE, PLAN);
  assert.equal(ready.of(LINE), PLAN);
  assert.equal(ready.of(LINE), null);
  ready.note(LINE, PLAN);
  mock.timers.tick(30_000);
  assert.equal(ready.of(LINE), null);
  ready.note(LINE, PLAN);
  machine.unlocks = 1;
  assert.equal(ready.of(LINE), null);
  mock.timers.reset();
});
