import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { OPTIONS } from '../../src/cli/options.ts';
import { TOPICS } from '../../src/cli/topics.ts';
import { VERB_SPECS, VERBS } from '../../src/cli/verbs.ts';
import { EXEC_STATUSES, EXIT_STATUSES } from '../../src/errors.ts';
import { VARIABLES } from '../../src/host/variables.ts';
import { LINK_KINDS } from '../../src/link/index.ts';
import { attachmentTable } from '../../src/output/attachment.ts';
import { RUNTIMES } from '../../src/target/runtimes.ts';

const page = readFileSync('man/netwire.8', 'utf8');

/** A section's text, or a subsection's. */
function section(name: string): string {
  const [, text] = page.split(new RegExp(`^\\.S[hs] ${name}\n`, 'm'));
  assert(text !== undefined, `no section ${name}`);
  return text.split(/^\.S[hs] /m)[0] ?? '';
}

/** The items of a section's lists, each without its macro. */
function items(name: string, macro = ''): string[] {
  const lines = [...section(name).matchAll(/^\.It (.*)$/gm)].map(([, words = '']) => words);
  return lines
    .filter((words) => words.startsWith(macro))
    .map((words) => words.slice(macro.length).trim().replaceAll(`, ${macro} `, ', '));
}

/** The keys that an interface of the code declares. */
function keysOf(file: string, name: string): string[] {
  const [, body = ''] = new RegExp(`interface ${name}\\b[^{]*{(.*?)\n}`, 's').exec(readFileSync(file, 'utf8')) ?? [];
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, key = '']) => key);
}

const words = (list: readonly string[]) => list.flatMap((one) => one.split(' , ')).sort();

test('the man page names the same options as the code', () => {
  const documented = [...page.matchAll(/^\.It Fl (.*)$/gm)]
    .filter(([, words]) => words !== '-dry-run')
    .flatMap(([, words = '']) =>
      [...words.replaceAll('Fl ', '').matchAll(/(?:^|, )(-?[\w-]+)/g)].map(([, word]) => `-${word}`),
    )
    .sort();
  const known = Object.values(OPTIONS)
    .flatMap(({ flags }) => flags.split(/[ ,]+/).filter((word) => word.startsWith('-')))
    .sort();
  assert.deepEqual(documented, known);
});

test('the man page names every verb', () => {
  for (const verb of VERBS)
    assert.match(page, new RegExp(`^(\\.Cm|\\.Op Cm) .*\\b${verb}\\b|^\\.Cm ${verb}$`, 'm'), verb);
});

test('its synopsis has a line for each verb of this release, and just those', () => {
  const synopsis = [...section('SYNOPSIS').matchAll(/^\.Nm\n\.(?:Op )?Cm (.*)$/gm)].flatMap(([, verbs = '']) =>
    verbs.split(' | '),
  );
  assert.deepEqual(synopsis.sort(), [...Object.keys(VERB_SPECS), 'help'].sort());
});

test('its exit statuses are those of the code', () => {
  const known = [...EXIT_STATUSES, ...EXEC_STATUSES].map(([status]) => status);
  assert.deepEqual(
    items('EXIT STATUS').map((one) => one.replaceAll(' ,', ',')),
    known,
  );
});

test('its environment variables are those that are read', () => {
  assert.deepEqual(words(items('ENVIRONMENT', 'Ev')), Object.keys(VARIABLES).sort());
});

test('it names the help topics', () => {
  for (const { name } of TOPICS)
    for (const part of ['SYNOPSIS', 'OPTIONS']) assert.match(section(part), new RegExp(`\\b${name}\\b`), part);
});

test('it names each kind of link with its modes, and each runtime', () => {
  for (const { word, takes } of LINK_KINDS)
    for (const text of [word, ...takes.modes, ...takes.isolations])
      assert.match(section('Words') + section('OPTIONS'), new RegExp(`\\b${text}\\b`), word);
  assert.deepEqual(words(items('CONTAINERS', 'Cm')), RUNTIMES.map(({ word }) => word).sort());
});

test("its columns of show's table are those that there are", () => {
  const [heading = ''] = attachmentTable([]);
  assert.deepEqual(
    items('LISTING').flatMap((one) => one.split(' , ')),
    heading.split(/ +/),
  );
});

test('its JSON keys are those of the code', () => {
  for (const [name, ...declared] of [
    ['Keys of an attachment', keysOf('src/attachment.ts', 'Attachment')],
    ['Keys that del prints', keysOf('src/documents.ts', 'Detached')],
    [
      'Keys that gc prints',
      keysOf('src/verb/gc.ts', 'GcResult'),
      keysOf('src/verb/leftovers.ts', 'Leftovers').filter((key) => key !== 'steps'),
    ],
    ['Keys of an address', ['family', 'local', 'prefixlen', 'valid_life_time']],
  ] as const)
    assert.deepEqual(words(items(name, 'Cm')), declared.flat().sort(), name);
});
