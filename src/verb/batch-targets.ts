/** The containers of a batch. */
import { NetwireError } from '../errors.ts';
import type { BatchLine, ContainerRequest } from '../request.ts';
import { LOOKUP_SECONDS, openTarget, type Target } from '../target/index.ts';
import { containerOf, inLine } from './batch-line.ts';
import type { Context } from './context.ts';

/** Containers that are looked for at once: runtimes answer several in the time of one. */
const LOOK_UPS = 8;

/** Each container is looked for once, and held to the end. */
export class Targets {
  private readonly known = new Map<string, Promise<Target>>();

  constructor(private readonly context: Context) {}

  open(container: ContainerRequest): Promise<Target> {
    const key = JSON.stringify(container);
    const found = this.known.get(key) ?? openTarget(container, this.context.timeout ?? LOOKUP_SECONDS);
    this.known.set(key, found);
    return found;
  }

  /** Begins to look for it; what is wrong is told when it is opened. */
  private lookFor(container: ContainerRequest): void {
    this.open(container).catch(() => {});
  }

  /** Finds those of all lines. */
  async openAll(lines: readonly BatchLine[]): Promise<void> {
    for (const [i, line] of lines.entries()) {
      for (const later of lines.slice(i + 1, i + LOOK_UPS)) this.lookFor(containerOf(later));
      await inLine(line, () => this.openThose(line));
    }
  }

  private async openThose({ add, del }: BatchLine): Promise<void> {
    if (!add) {
      // One that is gone is no error for del.
      await this.open(del.container).catch((error: unknown) => {
        if (!(error instanceof NetwireError)) throw error;
      });
      return;
    }
    await this.open(add.container);
    if (add.parent.link.by === 'container') await this.open(add.parent.link.container);
  }
}
