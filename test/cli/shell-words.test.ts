import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { shellLines } from '../../src/cli/shell-words.ts';

const words = (text: string) =>
  shellLines(text, (number, { message }) => assert.fail(`${number}: ${message}`)).map((line) => line.words);

test('words, quotes, comments and joined lines', () => {
  assert.deepEqual(words(`a b\n# no\n\n  'c d' "e\\"f" g\\ h # i\nj\\\nk l#m ''`), [
    ['a', 'b'],
    ['c d', 'e"f', 'g h'],
    ['jk', 'l#m', ''],
  ]);
});

test('lines are numbered as an editor does, also behind joined ones', () => {
  const lines = shellLines('a \\\nb\n# c\nd\r\ne', () => assert.fail('none is wrong'));
  assert.deepEqual(
    lines.map(({ number }) => number),
    [1, 4, 5],
  );
});

test('a quote that does not end is told of with its line, and the others are read', () => {
  const wrong: string[] = [];
  const lines = shellLines(`a\nb 'c\nd "e\\"\nf`, (number, { message }) => wrong.push(`${number}: ${message}`));
  assert.deepEqual(wrong, ["2: the quote 'c does not end", '3: the quote "e\\" does not end']);
  assert.equal(lines.length, 2);
});

test('what is quoted for a shell is split as the shell splits it', () => {
  const piece = fc.oneof(
    fc.stringMatching(/^'[a-z #"\\]*'$/),
    fc.stringMatching(/^"([a-z #']|\\["\\$`])*"$/),
    fc.stringMatching(/^\\[ #"'\\a-z]$/),
    fc.stringMatching(/^[a-z=:./@,-]+#?$/),
    fc.constant(' '),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const line = pieces.join('');
      const said = execFileSync('sh', ['-c', `for word in ${line}\ndo printf '%s\\0' "$word"; done`], {
        encoding: 'utf8',
      });
      assert.deepEqual(words(line).flat(), said.split('\0').slice(0, -1));
    }),
    { numRuns: 100 },
  );
});
