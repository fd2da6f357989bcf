/** `add`: request and facts in, plan out. */
import { StateError } from '../errors.ts';
import type { AddFacts, TargetFacts } from '../facts.ts';
import { attachmentOf } from '../link/attachment.ts';
import { endSteps } from '../link/end.ts';
import type { LinkKind, LinkPlan, ResolvedAdd } from '../link/kind.ts';
import { DEFAULT_GROUP } from '../link/unfinished.ts';
import { differences } from './differences.ts';
import { planReplace } from './replace.ts';
import { EMPTY_PLAN, inContainer, type Plan, type Step } from './step.ts';

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
  const { ifname } = request;
  if (container.link !== null) {
    const attachment = attachmentOf(container.link, target, container, hostSide);
    if (!attachment?.ours)
      throw new StateError(
        'name-taken',
        `${ifname}: ${target.canonical} has an interface of that name, which netwire did not make`,
        '-i NAME',
      );
    const expected = kind.expected(request, facts.parent, container.link);
    const found = differences(request, expected, attachment, container.link, container, hostSide);
    if (found.length === 0) return { ...EMPTY_PLAN, warnings: [] };
    checkAddresses(request, facts);
    if (facts.present !== null)
      return planReplace(kind, request, facts, facts.present, attachment, (other, then) => planNew(kind, other, then));
    throw new StateError(
      'different',
      `${ifname}: ${target.canonical} has it already, but ${found.join('; ')}`,
      `--replace, or netwire del ${target.canonical} ${ifname}`,
    );
  }
  return planNew(kind, request, facts);
}

function planNew(kind: LinkKind, request: ResolvedAdd, facts: AddFacts): AddPlan {
  const { container } = facts;
  const { ifname, addresses, routing, probe } = request;
  checkAddresses(request, facts);
  const link = kind.plan(request, facts);
  return {
    steps: [
      ...link.host,
      ...endSteps({ ...link, ...container, place: 'container', ifname, addresses, routing, probe }),
      ...finished(ifname, link),
    ],
    cleanup: [],
    warnings: link.warnings,
  };
}

/** @throws StateError where another link of the container has an address */
function checkAddresses({ addresses, peer }: ResolvedAdd, { container, target, peer: found }: AddFacts): void {
  const refuse = ({ canonical }: TargetFacts, local: string, other: string) =>
    new StateError('address-taken', `${local}: ${canonical} has this address already, on ${other}`);
  for (const { local } of addresses) {
    const other = container.elsewhere.get(local);
    if (other !== undefined) throw refuse(target, local, other);
  }
  for (const { local } of peer?.addresses ?? []) {
    const other = found?.container.elsewhere.get(local);
    if (found && other !== undefined) throw refuse(found.target, local, other);
  }
}

/** The last step says that the link is finished: the announcement, where that is a setting of the link's. */
function finished(ifname: string, { announce, group = DEFAULT_GROUP }: LinkPlan): Step[] {
  const words = ['group', group];
  const set = ['ip', 'link', 'set', 'dev', ifname];
  const last = announce.at(-1);
  const isOwn = last?.netns === 'container' && !last.mayFail && set.every((word, i) => last.command[i] === word);
  if (!last || !isOwn) return [...announce, inContainer([...set, ...words])];
  return [...announce.slice(0, -1), { ...last, command: [...last.command, ...words] }];
}
