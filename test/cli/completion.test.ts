import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import { bashTable } from '../../src/cli/completion/bash.ts';
import { fishTable } from '../../src/cli/completion/fish.ts';
import { positionalWords, topics } from '../../src/cli/completion/grammar.ts';
import { commonRows } from '../../src/cli/completion/table.ts';
import { zshTable } from '../../src/cli/completion/zsh.ts';
import { OPTIONS } from '../../src/cli/options.ts';
import { VERB_SPECS } from '../../src/cli/verbs.ts';

test('the words of a verb are read off its usage', () => {
  const words = Object.fromEntries(topics().map((one) => [one.verb, one.words.join(' ')]));
  assert.deepEqual(words, {
    add: 'PARENT CONTAINER ADDRESS MAC',
    del: 'CONTAINER IFNAME',
    show: 'CONTAINER IFNAME',
    exec: 'CONTAINER COMMAND',
    wait: 'CONTAINER',
    route: 'CONTAINER WORD',
    rule: 'CONTAINER WORD',
    tc: 'CONTAINER WORD',
    batch: 'FILE',
    gc: '',
    completion: 'SHELL',
    help: 'VERB',
  });
  assert.deepEqual(positionalWords('netwire show [OPTION]... [CONTAINER [IFNAME]]'), ['CONTAINER', 'IFNAME']);
});

test('each option of a verb is in its row, in every form that the parser takes', () => {
  for (const { verb, options } of topics()) {
    const names = options.flatMap((one) => one.names);
    for (const table of [bashTable(topics()), zshTable(topics()), fishTable(topics())])
      for (const name of names) assert.ok(rowOf(table, `options ${verb}`).includes(name), `${verb} ${name}`);
    if (verb !== 'help') assert.equal(options.length, (VERB_SPECS[verb]?.options.length ?? 0) + 7);
  }
});

/** The line or two of a key. */
function rowOf(table: string, key: string): string {
  return table.slice(table.indexOf(`'${key}'`)).split(/;;|\n {8}case/)[0] ?? '';
}

test('a word that is offered as a value is one that the option takes', () => {
  const offered = topics().flatMap(({ verb, options }) =>
    options.flatMap(({ names, offer }) => names.map((name) => ({ verb, name, offer }))),
  );
  for (const { verb, name, offer } of offered)
    for (const word of offer.filter((one) => !one.startsWith('<')))
      assert.doesNotThrow(() => parseCommandLine([verb, name, word]), `${verb} ${name} ${word}`);
});

test('options that say words in their description offer just these', () => {
  const offers = new Map(topics().flatMap(({ options }) => options.map(({ names, offer }) => [names.at(-1), offer])));
  for (const [option, description] of [
    ['--color', OPTIONS.color.description],
    ['--default-route', OPTIONS.defaultRoute.description],
    ['--mode', OPTIONS.mode.description],
    ['--isolation', OPTIONS.isolation.description],
    ['--ovs-datapath', OPTIONS.ovsDatapath.description],
    ['--family', OPTIONS.family.description],
  ] as const) {
    const words = offers.get(option) ?? [];
    assert.ok(words.length > 1, option);
    for (const word of words) assert.match(description, new RegExp(`\\b${word}\\b`), `${option} ${word}`);
  }
});

test('no word of a table has what a shell would take for its own', () => {
  for (const { keys, words } of commonRows(topics()))
    for (const word of [...keys, ...words]) assert.match(word, /^[\w :<>/.*@{}-]+$/, word);
});

test('a quote in a description stays one', () => {
  assert.match(bashTable(topics()), /^_netwire_table\(\) \{$/m);
  assert.match(zshTable(topics()), /'run a command|exec:run a command in a container'\\''s network/);
  assert.match(fishTable(topics()), /exec\trun a command in a container\\'s network/);
});
