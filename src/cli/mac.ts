/** The MAC word: `aa:bb:cc:dd:ee:ff`, or `U:text` for one derived from a text. */
import { createHash } from 'node:crypto';
import { UsageError } from '../errors.ts';

/**
 * Parses MAC.
 *
 * @returns six lower-case hexadecimal bytes with colons
 * @throws UsageError for another form, a multicast address, or all zeros
 */
export function parseMac(word: string): string {
  const refuse = (why: string, hint?: string) => new UsageError(`MAC ${JSON.stringify(word)}: ${why}`, hint);
  if (word.startsWith('U:')) return macFromText(word.slice(2));
  if (!/^([\da-f]{2}:){5}[\da-f]{2}$/i.test(word)) {
    const meant = colons(word);
    if (meant !== null) throw refuse('six bytes of two digits, joined by colons, are wanted', meant);
    throw refuse('not six hexadecimal bytes', '02:00:00:00:00:01, or U:text for one made of a text');
  }
  const mac = word.toLowerCase();
  if (Number.parseInt(mac.slice(0, 2), 16) & 1)
    throw refuse("a multicast address (the first byte is odd) cannot be a link's own", `02${mac.slice(2)}`);
  if (mac === '00:00:00:00:00:00') throw refuse('all zeros is no address', '02:00:00:00:00:01');
  return mac;
}

/** Of other ways to write one: 02-00-00-00-00-01, 0200.0000.0001, 2:0:0:0:0:1; null when it is none. */
function colons(word: string): string | null {
  if (/^([\da-f]{1,2}[:-]){5}[\da-f]{1,2}$/i.test(word))
    return word
      .split(/[:-]/)
      .map((byte) => byte.padStart(2, '0'))
      .join(':');
  const digits = word.replace(/[.:-]/g, '');
  return /^[\da-f]{12}$/i.test(digits) ? (digits.match(/../g)?.join(':') ?? null) : null;
}

/** `02:` and the first five bytes of the MD5 of the text and a newline: the same as pipework's. */
function macFromText(text: string): string {
  const digest = createHash('md5').update(`${text}\n`).digest();
  return ['02', ...[...digest.subarray(0, 5)].map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}
