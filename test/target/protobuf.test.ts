import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  bytesField,
  fieldsOf,
  messagesOf,
  numberField,
  numberOf,
  textField,
  textMapOf,
  textOf,
} from '../../src/target/protobuf.ts';

const fieldNumber = fc.integer({ min: 1, max: 2 ** 20 });

test('what is written is read again, texts and numbers', () => {
  fc.assert(
    fc.property(
      fieldNumber,
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.bigInt({ min: 0n, max: 2n ** 53n }),
      (field, text, number) => {
        const fields = fieldsOf(Buffer.concat([textField(field, text), numberField(field + 1, number)]));
        assert.equal(textOf(fields, field), text);
        assert.equal(numberOf(fields, field + 1), Number(number));
      },
    ),
  );
});

test('a field that is not there is empty, and the last of several counts', () => {
  const fields = fieldsOf(Buffer.concat([textField(1, 'a'), textField(1, 'b')]));
  assert.deepEqual([textOf(fields, 1), textOf(fields, 2), numberOf(fields, 1)], ['b', '', 0]);
});

test('messages within messages, and maps', () => {
  const entry = Buffer.concat([textField(1, 'key'), textField(2, 'value')]);
  const fields = fieldsOf(bytesField(3, entry));
  assert.equal(messagesOf(fields, 3).length, 1);
  assert.deepEqual([...textMapOf(fields, 3)], [['key', 'value']]);
});

test('numbers of fixed length are passed over', () => {
  const fixed = Buffer.from([0x09, 1, 2, 3, 4, 5, 6, 7, 8, 0x15, 1, 2, 3, 4]);
  assert.equal(textOf(fieldsOf(Buffer.concat([fixed, textField(4, 'x')])), 4), 'x');
});

test('no bytes whatever do more than be refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      try {
        fieldsOf(Buffer.from(bytes));
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
    }),
  );
});
