/** A text from a file or from standard input. */
import { fstatSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { StateError } from '../errors.ts';

const WHY: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a directory',
  EACCES: 'it may not be read',
};

/**
 * @param file null: standard input, to its end
 * @throws StateError when it cannot be read
 */
export async function readText(file: string | null): Promise<string> {
  try {
    if (file !== null) return await readFile(file, 'utf8');
    // Node takes a directory for an empty input.
    if (fstatSync(0).isDirectory()) throw Object.assign(new Error('it is a directory'), { code: 'EISDIR' });
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const why = WHY[code] ?? (error instanceof Error ? error.message.replace(/^\w+: |, read$/g, '') : String(error));
    throw new StateError('file', `${file ?? 'standard input'}: ${why}`, 'netwire batch FILE, or netwire batch <FILE');
  }
}
