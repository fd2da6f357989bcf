/** Names that are the same each time for the same thing, short enough for the kernel. */
import { createHash } from 'node:crypto';

/**
 * @param prefix at most three characters
 * @param text what the name stands for
 * @returns the prefix and twelve characters that depend on the text alone
 */
export function stableName(prefix: string, text: string): string {
  return prefix + createHash('md5').update(text).digest('hex').slice(0, 12);
}
