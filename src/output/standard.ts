/**
 * Standard output and standard error. Node's own streams for them cost a command a millisecond and more; what is written
 * is written at once here, as Node does too for files, pipes and terminals.
 */
import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

/** How long to wait where a pipe that somebody made non-blocking is full, in milliseconds. */
const FULL = 5;

class Standard {
  /** Why nothing is written any more; null: all was. */
  failure: NodeJS.ErrnoException | null = null;

  constructor(private readonly fd: 1 | 2) {}

  /** Is it a terminal? */
  get isTTY(): boolean {
    try {
      return fstatSync(this.fd).isCharacterDevice() && isatty(this.fd);
    } catch {
      return false;
    }
  }

  /** Writes all of it, or notes why that cannot be. */
  write(text: string): void {
    let rest: Uint8Array = Buffer.from(text);
    while (this.failure === null && rest.length > 0) rest = rest.subarray(this.writeSome(rest));
  }

  private writeSome(bytes: Uint8Array): number {
    try {
      return writeSync(this.fd, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') pause(FULL);
      else this.failure = error as NodeJS.ErrnoException;
      return 0;
    }
  }
}

export const stdout = new Standard(1);
export const stderr = new Standard(2);

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
