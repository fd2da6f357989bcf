/** What the tables of verbs and options say to a shell that completes a word. */
import { LINK_KINDS } from '../../link/index.ts';
import { COMMON_OPTIONS, type OptionName, optionSpec } from '../options.ts';
import { TOPICS } from '../topics.ts';
import { VERB_SPECS, VERBS, type Verb, type VerbSpec } from '../verbs.ts';

/** What a place takes: words, or what the machine has of a sort, as `<link>`. */
type Offer = readonly string[];

export interface Option {
  /** `-i` and `--ifname`. */
  readonly names: readonly string[];
  /** What its value is called; null: it takes none. */
  readonly value: string | null;
  readonly description: string;
  readonly mayRepeat: boolean;
  readonly offer: Offer;
  /** What the value may be where PARENT says the kind of link. */
  readonly ofKinds: readonly { readonly kind: string; readonly offer: Offer }[];
}

export interface Topic {
  readonly verb: Verb;
  readonly summary: string;
  /** Its words, in order: `PARENT`, `CONTAINER` ... */
  readonly words: readonly string[];
  readonly options: readonly Option[];
  readonly command: VerbSpec['command'] | null;
}

const HELP = { usage: 'netwire help [VERB]', summary: 'tell more of a verb', options: [] };

/** The verbs of this release; others are only reserved. */
export function topics(): Topic[] {
  return VERBS.flatMap((verb) => {
    const spec: Pick<VerbSpec, 'usage' | 'summary' | 'options' | 'command'> | undefined =
      verb === 'help' ? HELP : VERB_SPECS[verb];
    if (spec === undefined) return [];
    const { summary, usage, options, command = null } = spec;
    const all = [...options, ...COMMON_OPTIONS].map(optionOf);
    return [{ verb, summary, words: positionalWords(usage), options: all, command }];
  });
}

/** What help tells of: the verbs, and topics of its own. */
export function helped(): { readonly name: string; readonly summary: string }[] {
  return [...topics().map(({ verb, summary }) => ({ name: verb, summary })), ...TOPICS];
}

/** @param usage `netwire del [OPTION]... CONTAINER [IFNAME]`: CONTAINER and IFNAME */
export function positionalWords(usage: string): string[] {
  return usage.split(' ').flatMap((word) => {
    const [, name] = /^\[*([A-Z]+)/.exec(word) ?? [];
    return name === undefined || name === 'OPTION' ? [] : [name];
  });
}

function optionOf(name: OptionName): Option {
  const { flags, description, parse, values } = optionSpec(name);
  const [, value = null] = /<(.*)>/.exec(flags) ?? [];
  const names = flags.split(/[ ,]+/).filter((word) => word.startsWith('-'));
  // A parser that takes what was said before adds to it.
  const given = { names, value, description, mayRepeat: parse?.length === 2 };
  if (values === 'modes' || values === 'isolations') {
    const ofKinds = LINK_KINDS.map(({ word, takes }) => ({ kind: word, offer: takes[values] }));
    return { ...given, offer: [...new Set(ofKinds.flatMap(({ offer }) => offer))], ofKinds };
  }
  const offer = values === undefined ? [] : typeof values === 'string' ? [`<${values}>`] : values;
  return { ...given, offer, ofKinds: [] };
}
