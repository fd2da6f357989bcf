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

/** For how long what was said is as good as if it was asked now, in milliseconds: longer than a container that is there is looked for. */
const FRESH = 100;

/** The rulesets, each read once: there is a process in it, and a batch asks for each of its lines. */
export class Firewalls {
  private readonly known = new Map<FirewallFacts['command'], Promise<FirewallFacts | null>>();

  private report: Promise<{ readonly text: string; readonly at: number }>;

  /** @param report what some said already: after each one's rules a line with its name and its exit status */
  constructor(report: Promise<string>) {
    this.report = report.then((text) => ({ text, at: performance.now() }));
  }

  /** Those named; one whose firewall is not installed is left out. */
  async read(commands: readonly FirewallFacts['command'][]): Promise<FirewallFacts[]> {
    if (commands.length === 0) return [];
    const { text, at } = await this.report;
    // While a container was waited for, its runtime may have closed the firewall: Docker's does when it starts.
    const report = performance.now() - at < FRESH ? text : '';
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
    this.report = Promise.resolve({ text: '', at: 0 });
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

/** Status of a shell's that found no such program, or of one that its loader could not start. */
const NOT_FOUND = 127;

/** What a report says of a command; null: nothing, so it is to be asked. */
function reported(command: string, report: string): Pick<Outcome, 'ok' | 'absent' | 'stdout' | 'why'> | null {
  const lines: string[] = [];
  for (const line of report.split('\n')) {
    const [, name, status] = /^(ip6?tables) (\d+)$/.exec(line) ?? [];
    if (name === command) {
      if (Number(status) === NOT_FOUND) return null;
      const rules = lines.filter((one) => one.startsWith('-'));
      return {
        ok: Number(status) === 0,
        absent: false,
        stdout: rules.join('\n'),
        why: lines.at(-1) ?? `status ${status}`,
      };
    }
    if (name === undefined) lines.push(line);
    else lines.length = 0;
  }
  return null;
}
