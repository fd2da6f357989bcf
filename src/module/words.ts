/** What a script says, as the words of a command line: they are parsed, and refused, by the same functions. */
import { type CommandLine, parseCommandLine } from '../cli/command-line.ts';
import { nearest } from '../cli/nearest.ts';
import { type OptionName, optionSpec, takesValue } from '../cli/options.ts';
import { VERB_SPECS } from '../cli/verbs.ts';
import { UsageError } from '../errors.ts';
import type { AttachWords, DetachWords, ShowWords } from './asked.ts';

/** What functions of their own are for. */
const ELSEWHERE = ['dryRun', 'wait'];

type Given = Readonly<Record<string, unknown>>;

/** @throws UsageError for a word that there is not, or that is no text, number or boolean */
export function attachLine({ parent, container, addresses, mac, ...said }: AttachWords): CommandLine {
  const { routes: route, trunk, peer, firewall, ...options } = said;
  const address = Array.isArray(addresses) && addresses.length === 0 ? '0/0' : joined('addresses', addresses);
  const { ifname: peerIfname, addresses: peerAddresses, mac: peerMac, ...others } = peer ?? {};
  return commandLine(
    'add',
    { parent, container, addresses: address, mac },
    {
      ...{ route, trunk: joined('trunk', trunk), noFirewall: firewall === false },
      ...{ peerIfname, peerAddress: joined('peer.addresses', peerAddresses), peerMac },
      ...Object.fromEntries(Object.entries(others).map(([name, value]) => [`peer.${name}`, value])),
      ...options,
    },
  );
}

/** Likewise. */
export function detachLine({ container, ifname, ...options }: DetachWords): CommandLine {
  return commandLine('del', { container, ifname }, options);
}

/** Likewise. */
export function showLine({ container, ifname, ...options }: ShowWords): CommandLine {
  return commandLine('show', { container, ifname }, options);
}

/**
 * @param words the verb's own words in order; undefined at the end: not said
 * @param options by the names that the option table has for them; undefined, null or false: not said
 * @throws UsageError for an option that the verb does not take, or a value that is no text, number or boolean
 */
function commandLine(verb: 'add' | 'del' | 'show', words: Given, options: Given): CommandLine {
  const taken = (VERB_SPECS[verb]?.options ?? []).filter((name) => !ELSEWHERE.includes(name));
  const flags = Object.entries(options).flatMap(([name, value]) => {
    if (isNothing(value)) return [];
    if (!isOption(name, taken)) throw unknown(name, [...taken, ...Object.keys(words)]);
    const [, long = ''] = /(--[\w-]+)/.exec(optionSpec(name).flags) ?? [];
    if (value === true && !takesValue(long)) return [long];
    return (Array.isArray(value) ? value : [value]).map((one) => `${long}=${text(name, one)}`);
  });
  const said = Object.entries(words);
  while (isNothing(said.at(-1)?.[1]) && said.length > 0) said.pop();
  const own = said.map(([name, word]) => {
    if (isNothing(word)) throw new UsageError(`${name}: it is missing`);
    return text(name, word);
  });
  return parseCommandLine([verb, ...flags, '--', ...own]);
}

/** Several of a kind as the one word that they are: with commas. */
function joined(name: string, value: unknown): unknown {
  return Array.isArray(value) ? value.map((one) => text(name, one)).join(',') : value;
}

function isOption(name: string, taken: readonly OptionName[]): name is OptionName {
  return taken.some((one) => one === name);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === false;
}

function text(name: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new UsageError(
      `${name}: a text or a number is wanted, not ${Array.isArray(value) ? 'a list' : typeof value}`,
    );
  // No command line can have it.
  if (String(value).includes('\0')) throw new UsageError(`${name}: a text without NUL is wanted`);
  return String(value);
}

/** @throws UsageError */
function unknown(name: string, known: readonly string[]): UsageError {
  const why = `${name}: there is no such word`;
  if (name === 'dryRun') return new UsageError(why, 'planAttach, planDetach');
  const near = nearest(name, known);
  return new UsageError(why, near === null ? undefined : `did you mean ${near}?`);
}
