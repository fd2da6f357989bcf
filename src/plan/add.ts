/** `add`: request and facts in, plan out. */
import { addressSteps, sysctlSteps } from '../address/addresses.ts';
import { gatewaySteps } from '../address/default-route.ts';
import { StateError } from '../errors.ts';
import type { AddFacts } from '../facts.ts';
import { bridgePlan } from '../link/bridge.ts';
import { isHostEnd } from '../link/veth.ts';
import type { AddRequest } from '../request.ts';
import { differences } from './differences.ts';
import { EMPTY_PLAN, inContainer, type Plan } from './step.ts';

export interface AddPlan extends Plan {
  readonly warnings: readonly string[];
}

/**
 * Plans an attachment. The plan is empty when the container has just this one already.
 *
 * @throws StateError when the wanted name is another interface's, and whatever the link kind throws
 */
export function planAdd(request: AddRequest, facts: AddFacts): AddPlan {
  const { container, target } = facts;
  if (container.link !== null) {
    if (facts.hostLink === null || !isHostEnd(facts.hostLink, container.link, target.netns))
      throw new StateError(
        'name-taken',
        `${request.ifname}: ${target.canonical} has an interface of that name, which netwire did not make`,
        '-i NAME',
      );
    const found = differences(request, container.link, facts.hostLink, container.defaultRoutes);
    if (found.length === 0) return { ...EMPTY_PLAN, warnings: [] };
    throw new StateError(
      'different',
      `${request.ifname}: ${target.canonical} has it already, but ${found.join('; ')}`,
      `netwire del ${target.canonical} ${request.ifname}`,
    );
  }
  const link = bridgePlan(request, facts);
  const { ifname, addresses } = request;
  return {
    steps: [
      ...link.host,
      ...sysctlSteps(ifname, addresses),
      ...link.container,
      inContainer(['ip', 'link', 'set', 'dev', ifname, 'up']),
      ...addressSteps(ifname, addresses),
      ...gatewaySteps(ifname, addresses, container.defaultRoutes),
      ...link.announce,
    ],
    cleanup: [],
    warnings: link.warnings,
  };
}
