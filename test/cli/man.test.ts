import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { OPTIONS } from '../../src/cli/options.ts';
import { VERBS } from '../../src/cli/verbs.ts';

const page = readFileSync('man/netwire.8', 'utf8');

test('the man page names the same options as the code', () => {
  const documented = [...page.matchAll(/^\.It Fl (.*)$/gm)]
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
