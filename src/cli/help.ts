/** The help texts, made of the tables of verbs and options. */
import { EXIT_STATUSES, UsageError } from '../errors.ts';
import { nearest } from './nearest.ts';
import { COMMON_OPTIONS, type OptionName, optionSpec } from './options.ts';
import { TOPICS, topicText } from './topics.ts';
import { VERB_SPECS, VERBS, type Verb, type VerbSpec } from './verbs.ts';

/**
 * What `netwire help WORD` prints.
 *
 * @throws UsageError when the word is neither a verb nor a topic
 */
export function helpOn(word: string): string {
  const verb = VERBS.find((one) => one === word);
  const text = verb === undefined ? topicText(word) : helpText(verb === 'help' ? null : verb);
  if (text !== null) return text;
  if (verb !== undefined) throw new UsageError(`help ${word}: this verb is not in this release`, 'netwire help');
  const known = [...VERBS.filter((one) => VERB_SPECS[one]), ...TOPICS.map(({ name }) => name)];
  const near = nearest(word, known) ?? known.find((one) => word.length > 2 && one.startsWith(word));
  throw new UsageError(
    `help ${word}: no such verb or topic`,
    near === undefined ? 'netwire help' : `did you mean netwire help ${near}?`,
  );
}

/**
 * @param verb null: the overview
 * @returns the text, or null when the verb has none in this release
 */
export function helpText(verb: Verb | null): string | null {
  if (verb === null) return overview();
  const spec = VERB_SPECS[verb];
  return spec === undefined ? null : verbHelp(spec);
}

function overview(): string {
  const specs = VERBS.flatMap((verb) => VERB_SPECS[verb] ?? []);
  const [add, ...others] = specs;
  return `${[
    'netwire gives a running container another network interface.',
    section('Examples', columns([...(add?.examples ?? []), ...others.flatMap(({ examples }) => examples.slice(0, 1))])),
    section(
      'Usage',
      specs.map(({ usage }) => usage),
    ),
    section('Words', columns(add?.words ?? [])),
    section('Options', columns(optionRows(optionsOf(specs)))),
    section('Exit status', columns(EXIT_STATUSES)),
    section('Topics', columns(TOPICS.map(({ name, summary }) => [`netwire help ${name}`, summary]))),
    'netwire help VERB tells more of a verb; netwire(8) tells all.',
  ].join('\n\n')}\n`;
}

function verbHelp(spec: VerbSpec): string {
  return `${[
    section('Examples', columns(spec.examples)),
    section('Usage', [spec.usage]),
    ...(spec.words.length === 0 ? [] : [section('Words', columns(spec.words))]),
    section('Options', columns(optionRows([...spec.options, ...COMMON_OPTIONS]))),
  ].join('\n\n')}\n`;
}

function optionsOf(specs: readonly VerbSpec[]): OptionName[] {
  return [...new Set([...specs.flatMap(({ options }) => options), ...COMMON_OPTIONS])];
}

function optionRows(names: readonly OptionName[]): [string, string][] {
  return names.map((name) => {
    const { flags, description } = optionSpec(name);
    return [flags.startsWith('--') ? `    ${flags}` : flags, description];
  });
}

function section(title: string, lines: readonly string[]): string {
  return [`${title}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}
