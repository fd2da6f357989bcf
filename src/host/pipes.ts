/** A child process that is talked to by its standard input, and what it has said so far. */
import { type ChildProcess, spawn } from 'node:child_process';
import { childEnvironment } from './environment.ts';
import { tidy } from './ip-answer.ts';

/** The process behind a conversation ended before it answered. */
export class SessionEnded extends Error {
  constructor(
    message: string,
    readonly status: number | null,
  ) {
    super(message);
  }
}

export class Pipes {
  /** What came and was not taken away yet. */
  stdout = '';
  stderr = '';
  /** Why nothing comes any more; null while it lives. */
  ended: SessionEnded | null = null;
  private readonly child: ChildProcess;
  private readonly closed: Promise<void>;
  private wake: (() => void) | null = null;

  /** @param fd a descriptor that the child gets as its number 3 */
  constructor(command: readonly string[], fd?: number) {
    const [file = '', ...args] = command;
    // A session of its own: a terminal's Ctrl-C must not end it half-way (setsid(2)).
    this.child = spawn(file, args, {
      detached: true,
      // Wherever it is, the caller's directory may be gone.
      cwd: '/',
      env: childEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe', ...(fd === undefined ? [] : [fd])],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.wake?.();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.wake?.();
    });
    // EPIPE: the process is gone, which "close" tells better.
    this.child.stdin?.on('error', () => {});
    this.closed = new Promise((resolve) => {
      const end = (why: string, status: number | null) => {
        this.ended ??= new SessionEnded(why, status);
        this.wake?.();
        resolve();
      };
      this.child.on('error', (error) => end(`${file}: ${error.message}`, null));
      this.child.on('close', (status, signal) => {
        end(tidy(this.stderr) || `${file} ended with ${signal ?? `status ${status}`}`, status);
      });
    });
  }

  write(text: string): void {
    this.child.stdin?.write(text);
  }

  /** Waits until there is more to be read, or it has ended. One at a time waits. */
  news(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = null;
        resolve();
      };
    });
  }

  /** Ends the process at once. */
  kill(): void {
    this.child.kill();
  }

  /** Lets the process end, and waits for that. */
  close(): Promise<void> {
    this.child.stdin?.end();
    return this.closed;
  }
}
