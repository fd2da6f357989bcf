/** A text from a file or from standard input. */
import { readFile } from 'node:fs/promises';
import { StateError } from '../errors.ts';

/**
 * @param file null: standard input, to its end
 * @throws StateError when it cannot be read
 */
export async function readText(file: string | null): Promise<string> {
  try {
    if (file !== null) return await readFile(file, 'utf8');
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = absent ? 'no such file' : error instanceof Error ? error.message : String(error);
    throw new StateError('file', `${file ?? 'standard input'}: ${why}`);
  }
}
