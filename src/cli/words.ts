/** Positional words: as many as a verb takes. */
import { UsageError } from '../errors.ts';
import { VERB_SPECS, type Verb } from './verbs.ts';

type Words<Needed extends readonly string[], Optional extends readonly string[]> = [
  ...{ [K in keyof Needed]: string },
  ...{ [K in keyof Optional]: string | undefined },
];

/**
 * @returns the words, undefined for each optional one that is not there
 * @throws UsageError naming the word that is missing, or the first one too many
 */
export function takeWords<const Needed extends readonly string[], const Optional extends readonly string[]>(
  verb: Verb,
  words: readonly string[],
  needed: Needed,
  optional: Optional,
): Words<Needed, Optional> {
  const hint = VERB_SPECS[verb]?.examples[0]?.[0] ?? `netwire ${verb}`;
  const missing = needed[words.length];
  if (missing !== undefined) throw new UsageError(`${verb}: ${missing} is missing`, hint);
  const extra = words[needed.length + optional.length];
  if (extra !== undefined) throw new UsageError(`${verb}: ${JSON.stringify(extra)} is one word too many`, hint);
  // The length was checked; the tuple's type cannot be told from it.
  return [...words] as Words<Needed, Optional>;
}
