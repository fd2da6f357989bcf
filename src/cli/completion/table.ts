/** The tables as rows, which every shell's script has as one function. */
import { RUNTIMES } from '../../target/runtimes.ts';
import { NONE } from '../address.ts';
import { HOST } from '../container.ts';
import { GIVEN_WORDS } from '../dhcp.ts';
import { KINDS, SELECTORS } from '../parent.ts';
import { SHELLS, VERBS } from '../verbs.ts';
import type { Topic } from './grammar.ts';

/** Words under one or more keys. */
export interface Row {
  readonly keys: readonly string[];
  readonly words: readonly string[];
}

/** What a verb's words are completed by; words that are not here are the user's own. */
const SOURCES: Readonly<Record<string, string>> = {
  PARENT: '<parent>',
  CONTAINER: '<container>',
  ADDRESS: '<address>',
  FILE: '<file>',
  COMMAND: '<command>',
  SHELL: '<shells>',
  VERB: '<help>',
};

/** All rows but those that say more to some shells: `topics`, and each verb's `options`. */
export function commonRows(topics: readonly Topic[]): Row[] {
  const options = [
    ...new Map(topics.flatMap((one) => one.options.map((option) => [option.names[0], option]))).values(),
  ];
  const valued = options.filter(({ value }) => value !== null);
  return [
    row('verbs', VERBS),
    row('shells', SHELLS),
    ...topics.map(({ verb, words }) =>
      row(
        `words ${verb}`,
        words.map((word) => SOURCES[word] ?? '<nothing>'),
      ),
    ),
    ...topics.flatMap(({ verb, command }) => (command === null ? [] : [row(`command ${verb}`, [command ?? ''])])),
    row(
      'valued',
      valued.flatMap(({ names }) => names),
    ),
    ...valued.flatMap(({ names, offer, ofKinds }) => [
      ...ofKinds.map((one) => ({ keys: names.map((name) => `value ${name} ${one.kind}:`), words: one.offer })),
      { keys: names.map((name) => `value ${name}`), words: offer },
    ]),
    row('addresses', GIVEN_WORDS),
    row('no-address', [NONE]),
    ...parentRows(),
    ...containerRows(),
  ].filter(({ words }) => words.length > 0);
}

function parentRows(): Row[] {
  const prefixes = (behind: string) => KINDS.flatMap((one) => (one.behind === behind ? [`${one.word}:`] : []));
  return [
    row('kinds', prefixes('link')),
    row('cables', prefixes('container')),
    row(
      'selectors',
      SELECTORS.map((word) => `${word}:`),
    ),
    ...KINDS.map(({ word, parentsHave }) => row(`parents ${word}:`, parentsHave === undefined ? [] : [parentsHave])),
  ];
}

function containerRows(): Row[] {
  return [
    row('host', [HOST]),
    row(
      'runtimes',
      RUNTIMES.map(({ word }) => `${word}:`),
    ),
    ...RUNTIMES.flatMap(({ word, running = {} }) => [
      row(`files ${word}:`, running.files ?? []),
      row(`sockets ${word}:`, running.sockets ?? []),
      row(`names ${word}:`, running.command ?? []),
      row(`address ${word}:`, running.address === undefined ? [] : [running.address]),
    ]),
  ];
}

export function row(key: string, words: readonly string[]): Row {
  return { keys: [key], words };
}
