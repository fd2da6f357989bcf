import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { helpOn, helpText } from '../../src/cli/help.ts';
import { TOPICS, topicText } from '../../src/cli/topics.ts';
import { VERB_SPECS, VERBS } from '../../src/cli/verbs.ts';
import { EXEC_STATUSES, EXIT, EXIT_STATUSES, UsageError } from '../../src/errors.ts';
import { VARIABLES } from '../../src/host/variables.ts';
import { LINK_KINDS } from '../../src/link/index.ts';
import { RUNTIMES } from '../../src/target/runtimes.ts';

const SOURCES = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `src/${file}`);

test('a topic is a screenful of plain text, no wider than a terminal', () => {
  for (const { name } of TOPICS) {
    const lines = (topicText(name) ?? '').trimEnd().split('\n');
    assert(lines.length > 5 && lines.length <= 30, `${name}: ${lines.length} lines`);
    for (const line of lines) assert.match(line, /^[ -~]{0,80}$/, name);
  }
});

test('a topic tells all that its table has', () => {
  // Lines are broken at the terminal's edge.
  const told = (name: string) => helpOn(name).replace(/\s+/g, ' ');
  for (const [status, meaning] of [...EXIT_STATUSES, ...EXEC_STATUSES])
    assert(told('exit-codes').includes(`${status} ${meaning}`), status);
  for (const [name, meaning] of Object.entries(VARIABLES))
    assert(told('environment').includes(`${name} ${meaning}`), name);
  for (const { word, about, takes } of LINK_KINDS)
    for (const text of [word, about, ...takes.modes, ...takes.isolations]) assert(told('parents').includes(text), word);
  for (const { word, about } of RUNTIMES) assert(told('containers').includes(`${word}: ${about}`), word);
});

test('the overview names every topic and every verb that there is', () => {
  const overview = helpText(null) ?? '';
  for (const { name, summary } of TOPICS) assert.match(overview, new RegExp(`netwire help ${name} +${summary}`));
  for (const spec of Object.values(VERB_SPECS)) assert(overview.includes(spec.usage));
});

test('a mistyped topic or verb gets the nearest word', () => {
  for (const [word, hint] of [
    ['exit', 'did you mean netwire help exit-codes?'],
    ['exitcodes', 'did you mean netwire help exit-codes?'],
    ['container', 'did you mean netwire help containers?'],
    ['enviroment', 'did you mean netwire help environment?'],
    ['shwo', 'did you mean netwire help show?'],
    ['', 'netwire help'],
    ['firewalls', 'netwire help'],
  ] as const)
    assert.throws(
      () => helpOn(word),
      (error) => error instanceof UsageError && error.hint === hint,
      word,
    );
  for (const verb of VERBS.filter((one) => one !== 'help' && VERB_SPECS[one] === undefined))
    assert.throws(() => helpOn(verb), /not in this release/);
});

test('every status that an error has is in the table', () => {
  const known = [...EXIT_STATUSES, ...EXEC_STATUSES].map(([status]) => status);
  for (const status of Object.values(EXIT)) assert(known.includes(String(status)), String(status));
});

test('no environment variable is read but by its table', () => {
  const readers = SOURCES.filter((file) => /process\.env\b|homedir\(/.test(readFileSync(file, 'utf8')));
  assert.deepEqual(readers, ['src/host/variables.ts']);
  for (const name of Object.keys(VARIABLES)) {
    const asks = (file: string) => readFileSync(file, 'utf8').includes(`variable('${name}')`);
    assert(name === 'HOME' || SOURCES.some(asks), `${name} is in the table, and nothing reads it`);
  }
});

test('the programs in shell read none but those of the table, and what the shell sets itself', () => {
  for (const file of ['bin/netwire-dhcp', 'examples/wait-for-link']) {
    const script = readFileSync(file, 'utf8').replace(/^\s*#.*/gm, '');
    const named = [...script.matchAll(/\$\{?([A-Z][A-Z_]+)/g)].map(([, name = '']) => name);
    const own = named.filter((name) => new RegExp(`(^|[\\s;])${name}=`, 'm').test(script));
    const others = named.filter((name) => !own.includes(name) && !['BASH_VERSION', 'PPID'].includes(name));
    for (const name of others) assert(name in VARIABLES, `${file}: ${name}`);
  }
});
