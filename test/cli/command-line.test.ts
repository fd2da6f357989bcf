import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addRequest } from '../../src/cli/add.ts';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import { helpText } from '../../src/cli/help.ts';
import { COMMON_OPTIONS, OPTIONS } from '../../src/cli/options.ts';
import { VERB_SPECS, VERBS } from '../../src/cli/verbs.ts';
import { UsageError } from '../../src/errors.ts';

const split = (line: string) => parseCommandLine(line.split(' '));

test('without a verb it is add', () => {
  const { verb, words } = split('br1 c1 10.0.0.1/24');
  assert.deepEqual([verb, words], ['add', ['br1', 'c1', '10.0.0.1/24']]);
});

test('options may stand anywhere, before the verb as well', () => {
  for (const line of [
    '-i eth2 --json add br1 c1 0/0',
    'add -i eth2 br1 --json c1 0/0',
    'br1 c1 0/0 --json --ifname=eth2',
    '--json -ieth2 br1 c1 0/0',
    '--json -i eth2 -- br1 c1 0/0',
  ]) {
    const { verb, words, options } = split(line);
    assert.deepEqual([verb, words, options.ifname, options.json], ['add', ['br1', 'c1', '0/0'], 'eth2', true], line);
  }
});

test("an option's value is no verb", () => {
  const { verb, options } = split('-i show br1 c1 0/0');
  assert.deepEqual([verb, options.ifname], ['add', 'show']);
});

test("a link of a verb's name is reached by add", () => {
  assert.deepEqual(split('add show c1 0/0').words, ['show', 'c1', '0/0']);
});

test('a mistyped verb or option gets the nearest one', () => {
  assert.throws(
    () => split('shwo c1'),
    (error) => error instanceof UsageError && error.hint === 'did you mean netwire show?',
  );
  assert.throws(
    () => split('br1 c1 0/0 --ifnam x'),
    (error) => error instanceof UsageError && error.hint === '--ifname',
  );
});

test('what a verb does not take is refused', () => {
  assert.throws(() => split('show --mtu 1500'), /--mtu: this verb does not take it/);
  assert.throws(() => split('br1 c1 0/0 --bogus'), /--bogus: unknown option/);
  assert.throws(() => split('br1 c1 0/0 --mtu'), /--mtu: a value is missing/);
});

test('values out of range are refused', () => {
  for (const line of [
    '--mtu 67 b c 0/0',
    '--mtu 65536 b c 0/0',
    '--mtu 1500x b c 0/0',
    '--timeout 0 show',
    '--timeout -1 show',
    '--color red show',
    '-i abcdefghijklmnop b c 0/0',
  ])
    assert.throws(() => split(line), UsageError, line);
});

test('a reserved verb that is not in this release is refused, never taken for a link', () => {
  for (const verb of VERBS.filter((one) => one !== 'help' && VERB_SPECS[one] === undefined))
    assert.throws(() => split(`${verb} c1 0/0`), /not in this release/);
});

test('missing and surplus words are named', () => {
  const request = (line: string) => addRequest(split(line));
  assert.throws(() => request('br1 c1'), /add: ADDRESS is missing/);
  assert.throws(() => request('br1'), /add: CONTAINER is missing/);
  assert.throws(() => request('br1 c1 0/0 02:00:00:00:00:01 more'), /"more" is one word too many/);
});

test('IPv6 on an MTU that the kernel would switch it off for is refused', () => {
  assert.throws(() => addRequest(split('br1 c1 fd00::1/64 --mtu 1279')), /IPv6 needs 1280/);
  assert.equal(addRequest(split('br1 c1 10.0.0.1/24 --mtu 1279')).mtu, 1279);
});

test('the help of a verb names just the options that the verb takes', () => {
  for (const verb of VERBS) {
    const spec = VERB_SPECS[verb];
    if (spec === undefined) continue;
    const text = helpText(verb) ?? '';
    for (const [name, { flags }] of Object.entries(OPTIONS)) {
      const takes: boolean = spec.options.some((one) => one === name) || COMMON_OPTIONS.some((one) => one === name);
      assert.equal(text.includes(`${flags} `), takes, `${verb} ${flags}`);
    }
  }
});

test('the examples of the help are valid command lines', () => {
  for (const spec of Object.values(VERB_SPECS))
    for (const [example] of spec.examples) {
      const line = parseCommandLine(example.split(' ').slice(1));
      if (line.verb === 'add') addRequest(line);
    }
});

test('whatever the words, they are parsed or refused with a UsageError', () => {
  const word = fc.oneof(
    fc.constantFrom('--json', '-i', '--mtu', '--', '-', 'add', 'del', 'show', 'br1', 'c1', '0/0', '-n'),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (argv) => {
      try {
        const line = parseCommandLine(argv);
        if (line.verb === 'add') addRequest(line);
      } catch (error) {
        assert(error instanceof UsageError, String(error));
      }
    }),
  );
});

test('what stands behind the container of exec is the command, whatever it looks like', () => {
  for (const [line, words, rest, timeout] of [
    ['exec c1 ip addr', ['c1'], ['ip', 'addr'], undefined],
    ['exec c1 -- ip -4 addr --json', ['c1'], ['ip', '-4', 'addr', '--json'], undefined],
    ['exec c1 sh -v -c x', ['c1'], ['sh', '-v', '-c', 'x'], undefined],
    ['exec --timeout 5 c1 ls -l', ['c1'], ['ls', '-l'], 5],
    ['exec c1 --timeout 5 -- ls -l', ['c1'], ['ls', '-l'], 5],
    ['--timeout=5 exec c1 git log -- x', ['c1'], ['git', 'log', '--', 'x'], 5],
    ['exec c1', ['c1'], [], undefined],
    ['exec c1 --', ['c1'], [], undefined],
  ] as const) {
    const found = split(line);
    assert.deepEqual(
      [found.verb, found.words, found.rest, found.options.timeout],
      ['exec', words, rest, timeout],
      line,
    );
  }
});
