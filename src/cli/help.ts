/** The help texts, made of the tables of verbs and options. */
import { COMMON_OPTIONS, type OptionName, optionSpec } from './options.ts';
import { VERB_SPECS, VERBS, type Verb, type VerbSpec } from './verbs.ts';

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
    section('Exit status', EXIT_STATUSES),
    'netwire help VERB tells more of a verb; netwire(8) tells all.',
  ].join('\n\n')}\n`;
}

const EXIT_STATUSES = [
  '0 done, or nothing to do   1 the machine forbids it   2 wrong words   3 no such container',
  '4 not permitted   5 could not be undone   129, 130, 143 interrupted, undone',
  "exec: the command's own, 125 when it was not run, 126 and 127 as a shell's",
];

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
