/** `add`: request and facts in, plan out. */
import { StateError } from '../errors.ts';
import type { AddFacts } from '../facts.ts';
import { attachmentOf } from '../link/attachment.ts';
import { endSteps } from '../link/end.ts';
import type { LinkKind, ResolvedAdd } from '../link/kind.ts';
import { differences } from './differences.ts';
import { EMPTY_PLAN, type Plan } from './step.ts';

export interface AddPlan extends Plan {
  readonly warnings: readonly string[];
}

/**
 * Plans an attachment. The plan is empty when the container has just this one already.
 *
 * @throws StateError when the wanted name is another interface's, and whatever the link kind throws
 */
export function planAdd(kind: LinkKind, request: ResolvedAdd, facts: AddFacts): AddPlan {
  const { container, target, hostSide } = facts;
  const { ifname, addresses } = request;
  if (container.link !== null) {
    const attachment = attachmentOf(container.link, target, container.defaultRoutes, hostSide);
    if (!attachment?.ours)
      throw new StateError(
        'name-taken',
        `${ifname}: ${target.canonical} has an interface of that name, which netwire did not make`,
        '-i NAME',
      );
    const expected = kind.expected(request, facts.parent, container.link);
    const found = differences(request, expected, attachment, container.link, hostSide);
    if (found.length === 0) return { ...EMPTY_PLAN, warnings: [] };
    throw new StateError(
      'different',
      `${ifname}: ${target.canonical} has it already, but ${found.join('; ')}`,
      `netwire del ${target.canonical} ${ifname}`,
    );
  }
  const link = kind.plan(request, facts);
  return {
    steps: [
      ...link.host,
      ...endSteps({ ...link, place: 'container', ifname, addresses, defaultRoutes: container.defaultRoutes }),
      ...link.announce,
    ],
    cleanup: [],
    warnings: link.warnings,
  };
}
