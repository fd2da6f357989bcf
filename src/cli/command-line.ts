/** From argv to a verb, its words and its options. */
import { Command, CommanderError, Option } from 'commander';
import { UsageError } from '../errors.ts';
import { nearest } from './nearest.ts';
import { COMMON_OPTIONS, OPTIONS, type OptionName, type Options, optionSpec, takesValue } from './options.ts';
import { VERB_SPECS, VERBS, type Verb, type VerbSpec } from './verbs.ts';
import { isAddress } from './word-order.ts';

export interface CommandLine {
  readonly verb: Verb;
  readonly words: readonly string[];
  readonly options: Options;
  /** What belongs to the command that the verb runs, and is not looked at. */
  readonly rest: readonly string[];
}

/**
 * Splits a command line. Options may stand anywhere; `--` ends them. Without a verb it is `add`.
 *
 * @param argv without node and script
 * @throws UsageError for an option that the verb does not take, or a value it cannot have
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const at = wordIndex(argv);
  const named = VERBS.find((verb) => verb === argv[at]);
  const verb = named ?? 'add';
  const words = named === undefined ? argv : argv.toSpliced(at, 1);
  if (verb === 'help') return { verb, rest: [], ...parse(words, COMMON_OPTIONS) };
  const spec = VERB_SPECS[verb];
  if (spec === undefined) throw new UsageError(`${verb}: this verb is not in this release`, 'netwire help');
  const { own, rest } = spec.command ? splitCommand(words, at, spec.command) : { own: words, rest: [] };
  const line = parse(own, [...spec.options, ...COMMON_OPTIONS], named);
  if (named === undefined) checkForTypo(line.words);
  return { verb, rest, ...line };
}

/** The verb of a command line, which may be wrong otherwise; null when there is none. */
export function verbOf(argv: readonly string[]): Verb | null {
  return VERBS.find((verb) => verb === argv[wordIndex(argv)]) ?? null;
}

/**
 * `[OPTION]... CONTAINER [OPTION]... [--] COMMAND...`: the command begins behind `--`, or with the
 * first word after CONTAINER that is no option. A tool's words begin behind CONTAINER, whatever they are.
 *
 * @param from where CONTAINER is looked for
 */
function splitCommand(
  words: readonly string[],
  from: number,
  begins: NonNullable<VerbSpec['command']>,
): { own: readonly string[]; rest: readonly string[] } {
  const container = wordIndex(words, from);
  if (begins === 'at-once' && container !== -1)
    return { own: words.slice(0, container + 1), rest: words.slice(container + 1) };
  const begin = container === -1 ? -1 : wordIndex(words, container + 1);
  if (begin === -1) return { own: words, rest: [] };
  const own = words.slice(0, begin);
  return { own: own.at(-1) === '--' ? own.slice(0, -1) : own, rest: words.slice(begin) };
}

/** Where the first word that is no option and no option's value stands. */
function wordIndex(argv: readonly string[], from = 0): number {
  for (let i = from; i < argv.length; i++) {
    const word = argv[i] ?? '';
    if (word === '--') return i + 1 < argv.length ? i + 1 : -1;
    if (!word.startsWith('-') || word === '-') return i;
    if (takesValue(word)) i++;
  }
  return -1;
}

/** @param verb null: none was said */
function parse(
  argv: readonly string[],
  names: readonly OptionName[],
  verb?: Verb,
): Pick<CommandLine, 'words' | 'options'> {
  const command = new Command('netwire')
    .argument('[words...]')
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} });
  for (const name of names) {
    const { flags, description, parse } = optionSpec(name);
    const option = new Option(flags, description);
    command.addOption(parse ? option.argParser(parse) : option);
  }
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw usageError(error, verb);
    throw error;
  }
  return { words: command.args, options: command.opts<Options>() };
}

/** Options of other tools, and what netwire has instead. */
const OTHERS: Readonly<Record<string, string>> = {
  '--gateway': 'ADDRESS@GATEWAY',
  '--gw': 'ADDRESS@GATEWAY',
  '--ip': 'PARENT CONTAINER ADDRESS',
  '--ip6': 'PARENT CONTAINER ADDRESS',
  '--mac': 'MAC behind ADDRESS',
  '--mac-address': 'MAC behind ADDRESS',
  '--name': '--ifname NAME',
  '--interface': '--ifname NAME',
};

/** commander's "error: unknown option '--ifnam'\n(Did you mean --ifname?)" in our form. */
function usageError({ code, message }: CommanderError, verb?: Verb): UsageError {
  const [first = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const option = /'(-[^ ',]*)/.exec(first)?.[1];
  const help = verb === undefined ? 'netwire --help' : `netwire help ${verb}`;
  if (code === 'commander.unknownOption' && option) {
    const known = Object.values(OPTIONS).some(({ flags }) => flags.split(/[ ,]+/).includes(option));
    if (known) return new UsageError(`${option}: this verb does not take it`, help);
    const near = OTHERS[option] ?? /Did you mean (.*)\?/.exec(suggestion ?? '')?.[1];
    return new UsageError(`${option}: unknown option`, near ?? help);
  }
  if (code === 'commander.optionMissingArgument') {
    const [, long = option, value = ''] = /(--[\w-]+) <(.*)>/.exec(first) ?? [];
    return new UsageError(`${long}: a value is missing`, `${long} ${value}`);
  }
  return new UsageError(first, help);
}

/** What other tools call it. */
const OTHER_VERBS: Readonly<Record<string, Verb>> = {
  ...{ attach: 'add', connect: 'add', create: 'add', new: 'add' },
  ...{ delete: 'del', remove: 'del', rm: 'del', detach: 'del', disconnect: 'del' },
  ...{ list: 'show', ls: 'show', ps: 'show', status: 'show', inspect: 'show' },
  ...{ run: 'exec', clean: 'gc', cleanup: 'gc', prune: 'gc' },
};

function verbMeant(word: string): Verb | null {
  const close = nearest(word, [...VERBS, ...Object.keys(OTHER_VERBS)]);
  return close === null ? null : (OTHER_VERBS[close] ?? VERBS.find((verb) => verb === close) ?? null);
}

/** `netwire shwo c1` has no ADDRESS and a first word that is nearly a verb, or another tool's. */
function checkForTypo(words: readonly string[]): void {
  const [first = '', , third] = words;
  const verb = verbMeant(first);
  // A link may have such a name, and then an address stands third.
  if (verb === null || (third !== undefined && isAddress(third))) return;
  throw new UsageError(
    `${first}: no such verb, and for an attachment ADDRESS is missing`,
    `did you mean netwire ${verb}?`,
  );
}
