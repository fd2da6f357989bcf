/** A process that is talked to by its standard input, and what it has said so far. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
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
  private readonly closed: Promise<void>;
  private wake: (() => void) | null = null;

  /** @param exit how its process ended; null: nobody knows */
  private constructor(
    private readonly child: ChildProcess,
    private readonly stdin: Writable,
    stdout: Readable,
    stderr: Readable,
    exit: Promise<Exit> | null,
  ) {
    stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.wake?.();
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.wake?.();
    });
    // EPIPE: the process is gone, which its end tells better.
    for (const stream of [stdin, stdout, stderr]) stream.on('error', () => {});
    this.closed = Promise.all([exit, closeOf(stdout), closeOf(stderr)]).then(([how]) => {
      this.ended = new SessionEnded(tidy(this.stderr) || (how?.why ?? 'ip ended'), how?.status ?? null);
      this.wake?.();
    });
  }

  /**
   * Begins a process.
   *
   * @param fd a descriptor that it gets as its number 3
   */
  static to(command: readonly string[], fd?: number): Pipes {
    const child = begin(command, fd === undefined ? [] : [fd]);
    const { stdin, stdout, stderr } = child;
    return new Pipes(child, stdin as Writable, stdout as Readable, stderr as Readable, exitOf(child, command));
  }

  /** Begins one, and another whose standard input, output and error are its descriptors 3, 4 and 5. */
  static toTwo(command: readonly string[]): [Pipes, Pipes] {
    const child = begin(command, ['pipe', 'pipe', 'pipe']);
    const { stdin, stdout, stderr, stdio } = child;
    const [, , , input, output, errors] = stdio as unknown as [null, null, null, Writable, Readable, Readable];
    return [
      new Pipes(child, stdin as Writable, stdout as Readable, stderr as Readable, exitOf(child, command)),
      new Pipes(child, input, output, errors, null),
    ];
  }

  write(text: string): void {
    this.stdin.write(text);
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

  /** Ends the process at once; of two the first. */
  kill(): void {
    this.child.kill();
  }

  /** Lets the process end, and waits for that. */
  close(): Promise<void> {
    this.stdin.end();
    return this.closed;
  }
}

interface Exit {
  readonly why: string;
  readonly status: number | null;
}

function begin([file = '', ...args]: readonly string[], more: readonly ('pipe' | number)[]): ChildProcess {
  // A session of its own: a terminal's Ctrl-C must not end it half-way (setsid(2)).
  return spawn(file, args, {
    detached: true,
    // Wherever it is, the caller's directory may be gone.
    cwd: '/',
    env: childEnvironment(),
    stdio: ['pipe', 'pipe', 'pipe', ...more],
  });
}

function closeOf(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.on('close', () => resolve());
  });
}

function exitOf(child: ChildProcess, [file]: readonly string[]): Promise<Exit> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ why: `${file}: ${error.message}`, status: null }));
    child.on('exit', (status, signal) =>
      resolve({ why: `${file} ended with ${signal ?? `status ${status}`}`, status }),
    );
  });
}
