/** What became of a batch's lines. */
import type { LineResult } from '../verb/batch.ts';
import { attachedLines, detachedLines } from './attachment.ts';

/** As `--json` prints it: the line's number, and one of three keys. */
export function lineJson({ line, added, removed, error }: LineResult) {
  const { number } = line;
  if (added) return { line: number, attachment: { ...added.attachment, changed: added.changed } };
  if (removed) return { line: number, removed };
  const { code, message, hint = null } = error ?? {};
  return { line: number, error: { code, message, hint } };
}

/** For people. */
export function lineText({ added, removed }: LineResult): string[] {
  return added ? attachedLines(added) : detachedLines(removed ?? []);
}
