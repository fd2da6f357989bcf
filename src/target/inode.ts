/** Which namespace a path leads to. */
import { statSync } from 'node:fs';

/** Null when the path leads nowhere, for whatever reason: too long, a loop of links, no directory. */
export function inodeAt(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch {
    return null;
  }
}
