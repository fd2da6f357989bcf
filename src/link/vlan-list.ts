/** Lists of VLANs, `20,30-39`, as bridges and switches keep them. */
import { UsageError } from '../errors.ts';
import { vlanId } from './vlan.ts';

/**
 * Parses the list behind --trunk.
 *
 * @returns its VLAN IDs, ascending, each once
 * @throws UsageError for an item that is none, or a range that runs backwards
 */
export function parseVlanList(word: string): number[] {
  const refuse = (why: string) => new UsageError(`--trunk ${JSON.stringify(word)}: ${why}`);
  const ids = new Set<number>();
  for (const item of word.split(',')) {
    const [first = '', last = first, ...rest] = item.split('-');
    if (first === '' || last === '' || rest.length > 0) throw refuse('a list of VLANs looks like 20,30-39');
    const [from, to] = [vlanId(first), vlanId(last)];
    if (to < from) throw refuse(`the range ${item} runs backwards`);
    for (let id = from; id <= to; id++) ids.add(id);
  }
  return [...ids].sort((a, b) => a - b);
}

/** The same as words, neighbours joined: `20`, `30-39`. */
export function vlanRanges(ids: readonly number[]): string[] {
  const ranges: [number, number][] = [];
  for (const id of [...new Set(ids)].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === id - 1) last[1] = id;
    else ranges.push([id, id]);
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`));
}
