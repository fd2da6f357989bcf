/** Words of `add` that stand where others belong: told apart from words that are wrong themselves. */
import { familyOf } from '../address/prefix.ts';
import { UsageError } from '../errors.ts';
import { isMadeByName } from '../link/index.ts';
import { shellWord } from '../plan/print.ts';
import { isDhcpWord } from './dhcp.ts';

const MAC = /^([\da-f]{2}[:-]){5}[\da-f]{2}$/i;

/** What other tools write before a gateway. */
const VIA = /^(gw|via|gateway|default)$/i;

/**
 * @throws UsageError with the words in their order
 */
export function checkOrder(words: readonly string[]): void {
  const [parent = '', container = '', address = '', ...more] = words;
  const behind = (...rest: string[]) => line([parent, container, ...rest]);
  if (!isAddress(address)) {
    const at = [parent, container].findIndex(isAddress);
    if (at !== -1 && words.length >= 3) {
      const [one = '', other = '', ...rest] = words.toSpliced(at, 1);
      const ordered = isMadeByName(other) && !isMadeByName(one) ? [other, one] : [one, other];
      throw new UsageError(
        `add: the words are PARENT CONTAINER ADDRESS, and ${words[at]} is the ${at === 0 ? 'first' : 'second'} one`,
        line([...ordered, words[at] ?? '', ...rest]),
      );
    }
    const [next] = more;
    if (MAC.test(address) && next !== undefined && isAddress(next))
      throw new UsageError(`add: the MAC ${address} comes behind ADDRESS`, behind(next, address));
    return;
  }
  const [next = '', last] = more;
  const gateway = VIA.test(next) && last !== undefined ? last : next;
  const bare = gateway.split('/')[0] ?? '';
  if (familyOf(bare) !== null)
    throw new UsageError(`add: the gateway ${bare} is written behind its address`, behind(`${address}@${bare}`));
  // Without a slash it is the prefix length.
  if (/^\d{1,4}$/.test(next) && address.includes('/'))
    throw new UsageError(`add: "${next}" is one word too many, or a VLAN without its @`, behind(address, `@${next}`));
  if (/^@\d+$/.test(next) && last !== undefined && MAC.test(last))
    throw new UsageError('add: MAC and VLAN are one word, MAC@VLAN', behind(address, `${last}${next}`));
  if (/^[a-z]{2,}\d+$/i.test(next) && more.length === 1)
    throw new UsageError(
      `add: "${next}" is one word too many, or an interface name without -i`,
      behind(address, '-i', next),
    );
}

/** Can it be nothing but ADDRESS? */
export function isAddress(word: string): boolean {
  const [first = ''] = word.split(',');
  const [address = ''] = first.split(/[/@]/);
  return (familyOf(address) !== null && !MAC.test(word)) || word === '0/0' || isDhcpWord(word);
}

function line(words: readonly string[]): string {
  return ['netwire', ...words.map(shellWord)].join(' ');
}
