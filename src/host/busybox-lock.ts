/**
 * The lock where flock(1) is busybox's, which knows no time-out and no other exit status: a process
 * holds it as long as its standard input is open, so the lock goes when netwire goes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { childEnvironment } from './environment.ts';
import { LOCK_TIMEOUT_STATUS, lockFile } from './lock.ts';
import { SessionEnded } from './pipes.ts';

const FLOCK = 'flock';

/** Says that the lock is had, and waits for the end of its input. */
const HOLD = 'echo && exec cat';

export class BusyboxLock {
  private readonly child: ChildProcess;
  private readonly had: Promise<void>;
  private readonly closed: Promise<void>;
  private ended = false;

  /** @param seconds how long to wait for the lock */
  constructor(seconds: number) {
    this.child = spawn(FLOCK, [lockFile(), 'sh', '-c', HOLD], {
      detached: true,
      cwd: '/',
      env: childEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdin?.on('error', () => {});
    const over = new Promise<SessionEnded>((resolve) => {
      let stderr = '';
      this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      this.child.on('error', (error) => {
        const absent = 'code' in error && error.code === 'ENOENT';
        resolve(new SessionEnded(absent ? 'flock is not installed' : `flock: ${error.message}`, null));
      });
      this.child.on('close', (status, signal) => {
        resolve(new SessionEnded(stderr.trim() || `flock ended with ${signal ?? `status ${status}`}`, status));
      });
    });
    this.closed = over.then(() => {
      this.ended = true;
    });
    this.had = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new SessionEnded('time is up', LOCK_TIMEOUT_STATUS));
        this.kill();
      }, seconds * 1000);
      this.child.stdout?.once('data', () => {
        clearTimeout(timer);
        resolve();
      });
      void over.then((error) => {
        clearTimeout(timer);
        reject(error);
      });
    });
    // Whoever asks is told; nobody may.
    this.had.catch(() => {});
  }

  /** @throws SessionEnded when it was not had in time, or is lost */
  async held(): Promise<void> {
    await this.had;
    if (this.ended) throw new SessionEnded('the lock is lost', null);
  }

  get isOver(): boolean {
    return this.ended;
  }

  /** Ends the wait for the lock. */
  kill(): void {
    this.child.kill();
  }

  /** Lets the lock go, and waits for that. */
  close(): Promise<void> {
    this.child.stdin?.end();
    return this.closed;
  }
}
