/** A kernel's or a switch's refusal, in words that help. */
import { StateError } from '../errors.ts';
import type { LinkKind, ResolvedAdd } from '../link/kind.ts';
import { StepFailure } from '../plan/transaction.ts';

/** The commands that a link is made or moved by. */
const MAKES_LINK = / link add | netns |^ovs-vsctl /;

/** Says a kernel's refusal in the link kind's words, where it has better ones. */
export async function explained(work: Promise<void>, kind: LinkKind, request: ResolvedAdd): Promise<void> {
  try {
    await work;
  } catch (error) {
    const why = error instanceof StateError && error.cause instanceof StepFailure ? error.cause : null;
    const better = why && MAKES_LINK.test(why.line) ? (kind.explain?.(why.why, request) ?? noDriver(why)) : null;
    if (!better) throw error;
    throw new StateError('refused', `${better.message}; everything was undone`, better.hint, { cause: error });
  }
}

/** A kernel without the driver of a kind (net/core/rtnetlink.c). */
function noDriver({ line, why }: StepFailure): { message: string; hint: string } | null {
  const [, type = null] = /Unknown device type/.test(why) ? (/ type (\w+)/.exec(line) ?? []) : [];
  if (type === null) return null;
  return { message: `this kernel has no links of type ${type}`, hint: `modprobe ${type === 'vlan' ? '8021q' : type}` };
}
