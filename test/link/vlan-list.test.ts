import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UsageError } from '../../src/errors.ts';
import { parseVlanList, vlanRanges } from '../../src/link/vlan-list.ts';

test('a list of VLANs is a set, whatever its order and overlaps', () => {
  assert.deepEqual(parseVlanList('30-32,20,31'), [20, 30, 31, 32]);
  assert.deepEqual(vlanRanges([32, 20, 31, 30]), ['20', '30-32']);
});

test('a list with a hole in it, or what is no VLAN, is refused', () => {
  for (const word of ['', '20,,30', '20,', ',', '30-20', '1-2-3', '0', '4095', 'x', '-', '20-', '-20', '1e2'])
    assert.throws(() => parseVlanList(word), UsageError, word);
});

test('ranges say the same set', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 4094 }), { minLength: 1, maxLength: 40 }), (ids) => {
      const sorted = [...ids].sort((a, b) => a - b);
      assert.deepEqual(parseVlanList(vlanRanges(ids).join(',')), sorted);
    }),
  );
});
