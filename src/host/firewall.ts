/** What the host's firewall does to frames that a bridge forwards. */
import { readFileSync } from 'node:fs';
import type { FirewallFacts } from '../facts.ts';
import type { Family } from '../family.ts';
import { type Outcome, runCommand } from './process.ts';

const COMMANDS = ['iptables', 'ip6tables'] as const;

/**
 * The firewalls whose FORWARD chain bridged frames pass, without asking them: br_netfilter is there and
 * its switch is on (Documentation/networking/ip-sysctl.rst, bridge-nf-call-iptables).
 *
 * @param families those of these alone; none: of all
 */
export function switchedOnFirewalls(families: readonly Family[]): FirewallFacts['command'][] {
  const asked = COMMANDS.filter(
    (command) => families.length === 0 || families.includes(command === 'iptables' ? 'inet' : 'inet6'),
  );
  return asked.filter(isSwitchedOn);
}

/** Whether the host routes IPv4 between its links. */
export function forwards(): boolean {
  return readFileSync('/proc/sys/net/ipv4/ip_forward', 'latin1').trim() === '1';
}

/** The rulesets, each read once: there is a process in it, and a batch asks for each of its lines. */
export class Firewalls {
  private readonly known = new Map<FirewallFacts['command'], Promise<FirewallFacts | null>>();

  /** @param report what some said already: after each one's rules a line with its name and its exit status */
  constructor(private report: Promise<string>) {}

  /** Those named; one whose firewall is not installed is left out. */
  async read(commands: readonly FirewallFacts['command'][]): Promise<FirewallFacts[]> {
    if (commands.length === 0) return [];
    const report = await this.report;
    const facts = await Promise.all(
      commands.map((command) => {
        const rules = this.known.get(command) ?? readRules(command, report);
        this.known.set(command, rules);
        return rules;
      }),
    );
    return facts.flatMap((one) => one ?? []);
  }

  /** A rule was added or taken away. */
  forget(): void {
    this.known.clear();
    this.report = Promise.resolve('');
  }
}

function isSwitchedOn(command: FirewallFacts['command']): boolean {
  try {
    return readFileSync(`/proc/sys/net/bridge/bridge-nf-call-${command}`, 'latin1').trim() === '1';
  } catch {
    return false;
  }
}

async function readRules(command: FirewallFacts['command'], report: string): Promise<FirewallFacts | null> {
  const { ok, absent, stdout, why } = reported(command, report) ?? (await runCommand([command, '-w', '-S']));
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

/** Status of a shell's that found no such program (sh(1)). */
const NOT_FOUND = 127;

/** What a report says of a command; null: nothing, so it is to be asked. */
function reported(command: string, report: string): Pick<Outcome, 'ok' | 'absent' | 'stdout' | 'why'> | null {
  const lines: string[] = [];
  for (const line of report.split('\n')) {
    const [, name, status] = /^(ip6?tables) (\d+)$/.exec(line) ?? [];
    if (name === command) {
      const rules = lines.filter((one) => one.startsWith('-'));
      const [ok, absent] = [Number(status) === 0, Number(status) === NOT_FOUND];
      return { ok, absent, stdout: rules.join('\n'), why: lines.at(-1) ?? `status ${status}` };
    }
    if (name === undefined) lines.push(line);
    else lines.length = 0;
  }
  return null;
}
