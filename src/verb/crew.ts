/** Several lines of a batch at work at the same time: while one waits for its container another has the host. */
import type { Machine } from '../host/machine.ts';
import { Halted } from '../plan/transaction.ts';

/** More wait for the kernel's one lock for links (rtnl) and for two processors. */
const AT_ONCE = 3;

export class Crew {
  private readonly free: Machine[] = [];
  private readonly running = new Set<Promise<void>>();
  private count = 0;
  /** The first error of any, which is no other's consequence. */
  private failure: { readonly error: unknown } | null = null;

  /** @param isStopped nothing more is to be begun: what was done is being undone, by the same machines */
  constructor(
    private readonly machine: Machine,
    private readonly isStopped: () => boolean,
  ) {}

  /** Begins work, as soon as one of them is free; its error is told by `settle`. */
  async begin(work: (machine: Machine) => Promise<void>): Promise<void> {
    if (this.free.length === 0 && this.count === AT_ONCE) await Promise.race(this.running);
    if (this.failure !== null || this.isStopped()) return;
    const machine = this.free.pop() ?? this.another();
    const run = work(machine)
      .catch((error: unknown) => {
        if (!(error instanceof Halted)) this.failure ??= { error };
      })
      .finally(() => {
        this.free.push(machine);
        this.running.delete(run);
      });
    this.running.add(run);
  }

  /**
   * Waits for all.
   *
   * @throws the first error
   */
  async settle(): Promise<void> {
    await Promise.all(this.running);
    if (this.failure !== null) throw this.failure.error;
  }

  private another(): Machine {
    this.count += 1;
    return this.machine.beside();
  }
}
