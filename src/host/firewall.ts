/** What the host's firewall does to frames that a bridge forwards. */
import { readFileSync } from 'node:fs';
import type { FirewallFacts } from '../facts.ts';
import { runCommand } from './process.ts';

const COMMANDS = ['iptables', 'ip6tables'] as const;

/**
 * The firewalls whose FORWARD chain bridged frames pass, without asking them: br_netfilter is there and
 * its switch is on (Documentation/networking/ip-sysctl.rst, bridge-nf-call-iptables).
 */
export function switchedOnFirewalls(): FirewallFacts['command'][] {
  return COMMANDS.filter(isSwitchedOn);
}

/** Whether the host routes IPv4 between its links. */
export function forwards(): boolean {
  return readFileSync('/proc/sys/net/ipv4/ip_forward', 'latin1').trim() === '1';
}

/** The rulesets, each read once: there is a process in it, and a batch asks for each of its lines. */
export class Firewalls {
  private readonly known = new Map<FirewallFacts['command'], Promise<FirewallFacts | null>>();

  /** Those named; one whose firewall is not installed is left out. */
  async read(commands: readonly FirewallFacts['command'][]): Promise<FirewallFacts[]> {
    const facts = await Promise.all(
      commands.map((command) => {
        const rules = this.known.get(command) ?? readRules(command);
        this.known.set(command, rules);
        return rules;
      }),
    );
    return facts.flatMap((one) => one ?? []);
  }

  /** A rule was added or taken away. */
  forget(): void {
    this.known.clear();
  }
}

function isSwitchedOn(command: FirewallFacts['command']): boolean {
  try {
    return readFileSync(`/proc/sys/net/bridge/bridge-nf-call-${command}`, 'latin1').trim() === '1';
  } catch {
    return false;
  }
}

async function readRules(command: FirewallFacts['command']): Promise<FirewallFacts | null> {
  const { ok, absent, stdout, why } = await runCommand([command, '-w', '-S']);
  if (absent) return null;
  const rules = ok ? stdout.trimEnd().split('\n') : [];
  return {
    command,
    drops: rules.includes('-P FORWARD DROP'),
    chain: rules.includes('-N DOCKER-USER') ? 'DOCKER-USER' : 'FORWARD',
    rules,
    unreadable: ok ? null : why,
  };
}
