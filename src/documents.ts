/** What `--json` prints, and the module returns: the keys are part of the public interface. */
import type { Attachment } from './attachment.ts';

/** What `add` tells. */
export interface Attached extends Attachment {
  /** False: all was as asked already. */
  readonly changed: boolean;
}

/** What `del` tells of one interface. */
export interface Detached {
  readonly changed: boolean;
  /** What was taken back; null when it was gone already. */
  readonly attachment: Attachment | null;
  /** A link that is no attachment, taken away by --force: `CONTAINER IFNAME`, or null. */
  readonly other: string | null;
  /** Bridges that went along. */
  readonly bridges: readonly string[];
  /** Links that containers had and the kernel brought back, at home again under their names. */
  readonly returned: readonly string[];
  /** Links without a user that went as well. */
  readonly links: readonly string[];
  /** DHCP clients of interfaces that are gone. */
  readonly clients: readonly string[];
}

/** What a dry run tells. */
export interface PlannedSteps {
  readonly steps: readonly PlannedStep[];
}

export interface PlannedStep {
  /** `host`, or the container's canonical name. */
  readonly netns: string;
  readonly command: readonly string[];
  /** What takes it back, run at the same place; null: another step's does. */
  readonly undo: readonly string[] | null;
}
