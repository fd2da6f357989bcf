/**
 * The host's firewall and bridged frames: with br_netfilter they pass the FORWARD chain, whose
 * policy a stock Docker host sets to DROP.
 */
import type { FirewallFacts } from '../facts.ts';
import { onHost, type Step } from '../plan/step.ts';

/** Also the rule's comment, so that people and `iptables -S` can tell whose it is. */
const COMMENT = 'netwire';

/** The words of the rule that accepts what a bridge forwards between its own ports. */
function ruleWords(bridge: string): string[] {
  return ['-i', bridge, '-o', bridge, '-m', 'comment', '--comment', COMMENT, '-j', 'ACCEPT'];
}

function ruleCommand(action: '-I' | '-D', command: string, chain: string, bridge: string): string[] {
  return [command, '-w', action, chain, ...ruleWords(bridge)];
}

/** Puts the accept rule first in its chain. */
export function acceptStep({ command, chain }: FirewallFacts, bridge: string): Step {
  return onHost(ruleCommand('-I', command, chain, bridge), ruleCommand('-D', command, chain, bridge));
}

/** Takes netwire's accept rules for a bridge away, wherever they stand. */
export function unacceptSteps(firewall: FirewallFacts, bridge: string): Step[] {
  return ownRules(firewall, bridge).map((words) => onHost(ruleCommand('-D', firewall.command, words[1] ?? '', bridge)));
}

/** Is there a rule of netwire's for this bridge? It may have outlived an earlier one of that name. */
export function hasOwnRule(firewall: FirewallFacts, bridge: string): boolean {
  return ownRules(firewall, bridge).length > 0;
}

/** `-A CHAIN ...`, as words. */
function ownRules({ rules }: FirewallFacts, bridge: string): string[][] {
  return rules.map((rule) => rule.split(' ')).filter((words) => isAccept(words, bridge) && words.includes(COMMENT));
}

/** Does a rule accept all that comes in by this bridge and leaves by it, where Docker or people put such? */
function accepts({ rules }: FirewallFacts, bridge: string): boolean {
  return rules.some((rule) => isAccept(rule.split(' '), bridge));
}

const CHAINS = ['FORWARD', 'DOCKER-USER', 'DOCKER-FORWARD'];

/** Just `-A CHAIN -i BRIDGE [-o BRIDGE] [-m comment --comment X] -j ACCEPT`: any other word may limit it. */
function isAccept(words: readonly string[], bridge: string): boolean {
  const [append, chain = '', ...match] = words;
  const comment = match.indexOf('--comment');
  const rest = comment === -1 ? match : match.toSpliced(comment - 2, 4);
  const accepted = [`-i ${bridge} -j ACCEPT`, `-i ${bridge} -o ${bridge} -j ACCEPT`];
  return append === '-A' && CHAINS.includes(chain) && accepted.includes(rest.join(' '));
}

/** For a bridge that is somebody else's: what is wrong, and the rule that would mend it. */
export function firewallWarning(firewall: FirewallFacts, bridge: string): string | null {
  if (firewall.unreadable !== null)
    return `${bridge}: whether the host's firewall lets it forward is not known (${firewall.command}: ${firewall.unreadable})`;
  if (!firewall.drops || accepts(firewall, bridge)) return null;
  const { command, chain } = firewall;
  const rule = [command, '-I', chain, '-i', bridge, '-o', bridge, '-j', 'ACCEPT'].join(' ');
  return `${bridge}: the host's firewall (${command}, FORWARD policy DROP) drops what it forwards; try: ${rule}`;
}
