/** What `netwire help TOPIC` tells: a screenful each, made of the tables that the code itself works by. */
import { EXEC_STATUSES, EXIT_STATUSES } from '../errors.ts';
import { VARIABLES } from '../host/variables.ts';
import { LINK_KINDS } from '../link/index.ts';
import type { LinkKind } from '../link/kind.ts';
import { RUNTIMES } from '../target/runtimes.ts';

type Row = readonly [word: string, meaning: string];

interface Topic {
  readonly name: string;
  readonly summary: string;
  readonly lines: () => string[];
}

/** Of a terminal. */
const WIDTH = 80;

export const TOPICS: readonly Topic[] = [
  { name: 'parents', summary: 'what an interface can be attached to', lines: parents },
  { name: 'containers', summary: 'how a container is named', lines: containers },
  { name: 'exit-codes', summary: 'what the exit status says', lines: exitCodes },
  { name: 'environment', summary: 'the environment variables that are read', lines: environment },
];

/** @returns null when there is no such topic */
export function topicText(name: string): string | null {
  const topic = TOPICS.find((one) => one.name === name);
  return topic === undefined ? null : `${topic.lines().join('\n')}\n`;
}

function parents(): string[] {
  const madeNames = LINK_KINDS.flatMap(({ madeByName }) => (madeByName === null ? [] : [madeByName.source.slice(1)]));
  return [
    ...wrapped('PARENT is [KIND:]LINK. LINK is a name, mac:ADDRESS or pci:ADDRESS (mac:02:00:00:00:00:01).'),
    '',
    ...definitions(LINK_KINDS.map((kind) => [parentWord(kind), `${kind.about}${also(kind)}`])),
    '',
    ...wrapped(
      'Without KIND: a bridge gets a port, an InfiniBand link an ipoib child, any other link a macvlan child. What ' +
        `begins with ${madeNames.join(', ')} and is no link's name is made: as a Linux bridge, as an Open vSwitch ` +
        "bridge, as a dummy link. A link that bears a verb's name needs the verb: netwire add show c1 0/0.",
    ),
  ];
}

function parentWord({ word, behind }: LinkKind): string {
  if (behind === null) return `${word}...`;
  return `${word}:${behind === 'link' ? 'LINK' : 'CONTAINER2'}`;
}

/** The words that a kind takes besides those that all take. */
function also({ takes }: LinkKind): string {
  const words = [
    ...(takes.mac ? ['MAC'] : []),
    ...(takes.tag === null ? [] : [takes.tag === 'vlan' ? '@VLAN' : '@PKEY']),
    ...(takes.hostIfname ? ['-l'] : []),
    ...(takes.trunk ? ['--trunk'] : []),
    ...(takes.ovsDatapath ? ['--ovs-datapath'] : []),
    ...(takes.modes.length > 0 ? [`--mode ${takes.modes.join('|')}`] : []),
    ...(takes.isolations.length > 0 ? [`--isolation ${takes.isolations.join('|')}`] : []),
    ...(takes.host ? ['host as CONTAINER'] : []),
  ];
  return words.length === 0 ? '' : `; takes ${words.join(', ')}`;
}

function containers(): string[] {
  return [
    ...wrapped(
      'CONTAINER is [RUNTIME:]NAME, or host for the host itself. Without RUNTIME all of them are asked at once; one ' +
        'match wins, several are refused with the words that tell them apart.',
    ),
    '',
    ...definitions(RUNTIMES.map(({ word, about }) => [`${word}:`, about])),
    '',
    ...wrapped(
      'The beginning of an ID has four letters at least. A container that was created and does not run yet is waited ' +
        "for, 3 s or --timeout. One in the host's own network is refused. netwire show lists all of them.",
    ),
  ];
}

function exitCodes(): string[] {
  return [
    ...definitions(EXIT_STATUSES),
    '',
    ...wrapped("exec, route, rule and tc end with their command's own status, or:"),
    ...definitions(EXEC_STATUSES),
    '',
    ...wrapped(
      'wait ends with 1 when time is up. batch --keep-going ends with the status of the first line that failed, or ' +
        'with 5 when one left something. With --json an error is {"error":{"code","message","hint"}} on standard ' +
        'output as well.',
    ),
  ];
}

function environment(): string[] {
  return [
    ...definitions(Object.entries(VARIABLES)),
    '',
    ...wrapped('No variable is needed. Those of a runtime are for one that is not where it is usually.'),
  ];
}

/** Words in a column, their meanings beside them, broken at the terminal's edge. */
function definitions(rows: readonly Row[]): string[] {
  const indent = Math.max(...rows.map(([word]) => word.length)) + 4;
  return rows.flatMap(([word, meaning]) =>
    wrapped(meaning, WIDTH - indent).map(
      (line, i) => `${i === 0 ? `  ${word}`.padEnd(indent) : ' '.repeat(indent)}${line}`,
    ),
  );
}

function wrapped(text: string, width = WIDTH): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
