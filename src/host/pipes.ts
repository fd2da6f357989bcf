/** A process that is talked to by its standard input, and what it has said so far. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Stream, Writable } from 'node:stream';
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
  private readonly stdin: Writable | undefined;
  private readonly closed: Promise<void>;
  private readonly waiting: (() => void)[] = [];

  /** @param exit how its process ended; null: nobody knows */
  private constructor(
    private readonly child: ChildProcess | null,
    [stdin, stdout, stderr]: readonly (Stream | undefined)[],
    exit: Promise<Exit> | null,
  ) {
    this.stdin = stdin as Writable | undefined;
    const outputs = [stdout, stderr] as (Readable | undefined)[];
    for (const [i, output] of outputs.entries())
      output?.setEncoding('utf8').on('data', (text: string) => {
        if (i === 0) this.stdout += text;
        else this.stderr += text;
        this.wake();
      });
    // EPIPE: the process is gone, which its end tells better.
    for (const stream of [stdin, stdout, stderr]) stream?.on('error', () => {});
    this.closed = Promise.all([exit, ...outputs.map(closeOf)]).then(([how]) => {
      this.ended = new SessionEnded(tidy(this.stderr) || (how?.why ?? 'ip ended'), how?.status ?? null);
      this.wake();
    });
  }

  /**
   * Begins a process.
   *
   * @param fd a descriptor that it gets as its number 3
   */
  static to(command: readonly string[], fd?: number): Pipes {
    const { child, stdio, exit } = begin(command, fd === undefined ? [] : [fd]);
    return new Pipes(child, stdio, exit);
  }

  /**
   * Begins one, and another whose standard input, output and error are its descriptors 3, 4 and 5.
   *
   * @param reports what it writes to descriptor 6, to the end, is wanted
   */
  static toTwo(command: readonly string[], reports: boolean): [Pipes, Pipes, Promise<string>] {
    const { child, stdio, exit } = begin(command, ['pipe', 'pipe', 'pipe', ...(reports ? ['pipe' as const] : [])]);
    const report = reports ? textOf(stdio[6]) : Promise.resolve('');
    return [new Pipes(child, stdio, exit), new Pipes(child, stdio.slice(3, 6), null), report];
  }

  write(text: string): void {
    this.stdin?.write(text);
  }

  /** Waits until there is more to be read, or it has ended. */
  news(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Ends the process at once, and all that it began. */
  kill(): void {
    const { pid } = this.child ?? {};
    if (pid === undefined) return;
    try {
      // A group of its own (setsid(2)).
      process.kill(-pid);
    } catch {
      // It ended before.
    }
  }

  /** Lets the process end, and waits for that. */
  close(): Promise<void> {
    this.stdin?.end();
    return this.closed;
  }
}

interface Exit {
  readonly why: string;
  readonly status: number | null;
}

/** What there is of a process; without descriptors or memory for it (EMFILE, ENOMEM) there are no pipes, or not even a child. */
interface Begun {
  readonly child: ChildProcess | null;
  readonly stdio: readonly (Stream | undefined)[];
  readonly exit: Promise<Exit>;
}

function begin([file = '', ...args]: readonly string[], more: readonly ('pipe' | number)[]): Begun {
  try {
    // A session of its own: a terminal's Ctrl-C must not end it half-way (setsid(2)).
    const child = spawn(file, args, {
      detached: true,
      // Wherever it is, the caller's directory may be gone.
      cwd: '/',
      env: childEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe', ...more],
    });
    const stdio = (child.stdio ?? []) as unknown as readonly (Stream | undefined)[];
    return { child, stdio, exit: exitOf(child, file) };
  } catch (error) {
    const why = `${file}: ${(error as Error).message}`;
    return { child: null, stdio: [], exit: Promise.resolve({ why, status: null }) };
  }
}

/** All that comes until its end. */
async function textOf(stream: Stream | undefined): Promise<string> {
  let text = '';
  const input = stream as Readable | undefined;
  input?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  // What came until then is all.
  input?.on('error', () => {});
  await closeOf(input);
  return text;
}

function closeOf(stream: Readable | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (stream === undefined) resolve();
    else stream.on('close', () => resolve());
  });
}

function exitOf(child: ChildProcess, file: string): Promise<Exit> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ why: `${file}: ${error.message}`, status: null }));
    child.on('exit', (status, signal) =>
      resolve({ why: `${file} ended with ${signal ?? `status ${status}`}`, status }),
    );
  });
}
