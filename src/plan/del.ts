/** `del`: facts in, plan out. */
import { withdrawalSteps } from '../address/default-route.ts';
import type { BridgeFacts, DelFacts, FirewallFacts } from '../facts.ts';
import { unacceptSteps } from '../link/bridge-firewall.ts';
import { isOurs } from '../link/mark.ts';
import { onHost, type Plan, type Step } from './step.ts';

/**
 * Plans to take an attachment back: the default routes first (each step can be undone), the link
 * last, and then what only it needed.
 *
 * @param firewall the rulesets that may hold a rule for the bridge
 */
export function planDel(facts: DelFacts, firewall: readonly FirewallFacts[]): Plan {
  const { link, hostLink, bridge } = facts;
  const last = bridge?.ports.every((port) => port === hostLink?.ifname);
  return {
    steps: [
      ...withdrawalSteps(link.ifname, facts.defaultRoutes),
      ...(hostLink === null ? [] : [onHost(['ip', 'link', 'del', 'dev', hostLink.ifname])]),
    ],
    cleanup: bridge && last ? bridgeCleanup(bridge, firewall) : [],
  };
}

/**
 * What goes with the last port of a bridge that netwire made: the bridge and its accept rule. A
 * bridge that has been given an address is in use by the host, and stays.
 */
export function bridgeCleanup({ link }: BridgeFacts, firewall: readonly FirewallFacts[]): Step[] {
  if (!isOurs(link.alias) || link.addresses.some(({ scope }) => scope !== 'link')) return [];
  return [
    onHost(['ip', 'link', 'del', 'dev', link.ifname]),
    ...firewall.flatMap((one) => unacceptSteps(one, link.ifname)),
  ];
}
