/** The tables as a function of fish: a word a line, behind a tab what it means. */
import { helped, type Topic } from './grammar.ts';
import { commonRows, row } from './table.ts';

/** A function that prints the words under a key. */
export function fishTable(topics: readonly Topic[]): string {
  const rows = [
    row(
      'topics',
      topics.map(({ verb, summary }) => `${verb}\t${summary}`),
    ),
    row(
      'help',
      helped().map(({ name, summary }) => `${name}\t${summary}`),
    ),
    ...topics.map(({ verb, options }) =>
      row(
        `options ${verb}`,
        options.flatMap(({ names, description }) => names.map((name) => `${name}\t${description}`)),
      ),
    ),
    ...commonRows(topics),
  ];
  return `function __netwire_table
    switch "$argv"
${rows.map(({ keys, words }) => `        case ${keys.map(quoted).join(' ')}\n            printf '%s\\n' ${words.map(quoted).join(' ')}`).join('\n')}
    end
end
`;
}

function quoted(word: string): string {
  return `'${word.replace(/['\\]/g, '\\$&')}'`;
}
