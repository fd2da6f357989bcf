/** What `add` did. */
import type { Attachment } from '../attachment.ts';
import type { Attached } from '../documents.ts';

export interface AddResult {
  readonly attachment: Attachment;
  readonly changed: boolean;
  /** The bridge that was made along with it, or null. */
  readonly madeBridge: string | null;
}

/** The same for programs. */
export function attachedJson({ attachment, changed }: AddResult): Attached {
  return { ...attachment, changed };
}
