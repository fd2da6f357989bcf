/** The words of a route or an address as `ip` takes them: a link may bear any keyword as its name. */

/** Where a keyword stands; -1: nowhere. */
export function keywordAt(words: readonly string[], keyword: string): number {
  return words.findIndex((word, i) => word === keyword && words[i - 1] !== 'dev' && words[i - 1] !== 'label');
}

/** What follows a keyword; null when it is not there. */
export function wordAfter(words: readonly string[], keyword: string): string | null {
  const at = keywordAt(words, keyword);
  return at === -1 ? null : (words[at + 1] ?? null);
}
