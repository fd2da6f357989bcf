/** The tables as a function of zsh: options in the form of its _arguments (zshcompsys(1)). */
import { caseFunction } from './bash.ts';
import { helped, type Option, type Topic } from './grammar.ts';
import { commonRows, row } from './table.ts';

/** A function that puts the words under a key into `reply`. */
export function zshTable(topics: readonly Topic[]): string {
  return caseFunction([
    row(
      'topics',
      topics.map(({ verb, summary }) => `${verb}:${summary}`),
    ),
    row(
      'help',
      helped().map(({ name, summary }) => `${name}:${summary}`),
    ),
    ...topics.map(({ verb, options }) => row(`options ${verb}`, options.flatMap(specs))),
    ...commonRows(topics),
  ]);
}

/** `(-i --ifname)--ifname=[name of ...]:NAME: _netwire_value --ifname`, one a name. */
function specs({ names, value, description, mayRepeat }: Option): string[] {
  const others = mayRepeat ? '*' : `(${names.join(' ')})`;
  return names.map((name) => {
    const given = value === null ? '' : name.startsWith('--') ? '=' : '+';
    const action = value === null ? '' : `:${escaped(value)}: _netwire_value ${name}`;
    return `${others}${name}${given}[${escaped(description)}]${action}`;
  });
}

function escaped(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&');
}
