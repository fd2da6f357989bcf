/** The tables as a function of bash. */
import { helped, type Topic } from './grammar.ts';
import { commonRows, type Row, row } from './table.ts';

/** A function that puts the words under a key into `reply`. */
export function bashTable(topics: readonly Topic[]): string {
  const rows = [
    row(
      'topics',
      topics.map(({ verb }) => verb),
    ),
    row(
      'help',
      helped().map(({ name }) => name),
    ),
    ...topics.map(({ verb, options }) =>
      row(
        `options ${verb}`,
        options.flatMap(({ names }) => names),
      ),
    ),
    ...commonRows(topics),
  ];
  return caseFunction(rows);
}

/** The same in zsh, whose arrays look alike. */
export function caseFunction(rows: readonly Row[]): string {
  return `_netwire_table() {
  reply=()
  case $1 in
${rows.map(({ keys, words }) => `    ${keys.map(quoted).join(' | ')}) reply=(${words.map(quoted).join(' ')}) ;;`).join('\n')}
  esac
}
`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
