/**
 * Conversations in many containers, one after the other: a fork of this process copies all its page tables
 * and costs several times what one of a small shell does, and a shell forks while this process goes on.
 */
import { ipIsBusybox } from './ip-dialect.ts';
import { SYSCTL_THEN_IP } from './ip-processes.ts';
import { IpSession } from './ip-session.ts';
import { heldPath } from './netns.ts';
import { Pipes } from './pipes.ts';
import { netnsSession, type Session } from './session.ts';

/** Conversations that are held at once: three at work, three that get ready or end, and two to spare. */
const LANES = 8;

/**
 * Reads a number and a path a line; in the namespace behind the path it runs its argument 0 on its own input
 * and output, and says the number on stderr at the end.
 */
const LANE = `while read -r number path; do
  nsenter --net="$path" sh -c "$0"
  printf '"over-%s"\\n' "$number" >&2
done`;

class Lane {
  private readonly pipes = Pipes.to(['sh', '-c', LANE, SYSCTL_THEN_IP]);
  private number = 0;
  private session: Session | null = null;

  /** May another conversation be begun? What is written before the last one's end would be read by that. */
  get isFree(): boolean {
    return this.pipes.ended === null && (this.number === 0 || this.pipes.stderr.includes(this.lastWord));
  }

  get isGone(): boolean {
    return this.pipes.ended !== null;
  }

  begin(path: string): Session {
    // The one before sees its end while that is there to be seen.
    if (this.session !== null && !this.session.isOver) throw new Error('a lane is begun twice');
    this.number += 1;
    this.pipes.stdout = '';
    this.pipes.stderr = '';
    this.pipes.write(`${this.number} ${path}\n`);
    this.session = new IpSession(this.pipes, false, this.lastWord);
    return this.session;
  }

  end(): void {
    void this.pipes.close();
  }

  private get lastWord(): string {
    return `"over-${this.number}"\n`;
  }
}

export class Lanes {
  private lanes: Lane[] = [];

  /** Begins a conversation in the namespace behind a descriptor of this process's, which is held until its first answer. */
  begin(fd: number): Session {
    if (ipIsBusybox()) return netnsSession(fd);
    this.lanes = this.lanes.filter(({ isGone }) => !isGone);
    let lane = this.lanes.find(({ isFree }) => isFree);
    if (lane === undefined && this.lanes.length < LANES) {
      lane = new Lane();
      this.lanes.push(lane);
    }
    // None is free: one of its own.
    return lane?.begin(heldPath({ fd })) ?? netnsSession(fd);
  }

  /** Lets them end when their conversations have. */
  end(): void {
    for (const lane of this.lanes) lane.end();
    this.lanes = [];
  }
}
