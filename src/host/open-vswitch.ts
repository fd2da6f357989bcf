/** Open vSwitch's database, by way of ovs-vsctl(8); the columns are ovs-vswitchd.conf.db(5)'s. */
import { existsSync } from 'node:fs';
import { StateError } from '../errors.ts';
import type { SwitchBridgeFacts, SwitchFacts, SwitchPortFacts } from '../switch-facts.ts';
import type { Answer } from './ip-answer.ts';
import { runCommand } from './process.ts';

/** Where the database listens; there is no switch where it does not. */
const SOCKET = '/var/run/openvswitch/db.sock';

/** The database answers at once; this is for one that hangs. */
const READ = ['ovs-vsctl', '--timeout=5', '--format=json'];

/** Is there a switch on this machine? Costs no process. */
export function hasSwitch(): boolean {
  return existsSync(SOCKET);
}

/**
 * Reads all bridges, and one port or all of them.
 *
 * @param port by name
 * @throws StateError when the database cannot be read
 */
export async function readSwitch(port?: string): Promise<SwitchFacts> {
  const of = (table: string) =>
    port === undefined ? ['list', table] : ['find', table, `name=${JSON.stringify(port)}`];
  const { ok, stdout, why } = await runCommand([
    ...READ,
    ...['--', '--columns=name,ports,datapath_type,external_ids', 'list', 'Bridge'],
    ...['--', '--columns=_uuid,name,tag,trunks,vlan_mode', ...of('Port')],
    ...['--', '--columns=name,error,ofport,external_ids', ...of('Interface')],
  ]);
  if (!ok) throw new StateError('open-vswitch', `reading Open vSwitch's database: ${why}`, 'ovs-vsctl show');
  const [bridges = [], ports = [], interfaces = []] = stdout.trim().split('\n').map(rows);
  const facts = bridges.map(({ name, ports: members, datapath_type, external_ids }) => ({
    name: text(name),
    datapath: text(datapath_type) || 'system',
    externalIds: map(external_ids),
    ports: set(members).map(text),
  }));
  return {
    bridges: facts.map(({ ports: members, ...bridge }) => ({ ...bridge, portCount: members.length - 1 })),
    ports: ports.flatMap(({ _uuid, name, tag, trunks, vlan_mode }): SwitchPortFacts[] => {
      const bridge = facts.find((one) => one.ports.includes(text(_uuid)));
      const of = interfaces.find((one) => one.name === name);
      // A bridge's own port bears its name.
      if (!bridge || !of || bridge.name === name) return [];
      const [mode] = set(vlan_mode);
      const [pvid] = mode === 'trunk' || mode === 'native-tagged' ? [] : set(tag);
      return [
        {
          name: text(name),
          bridge: bridge.name,
          datapath: bridge.datapath,
          vlans: {
            pvid: typeof pvid === 'number' ? pvid : null,
            tagged:
              mode === 'access'
                ? []
                : set(trunks)
                    .map(Number)
                    .sort((a, b) => a - b),
          },
          externalIds: map(of.external_ids),
          error: errorOf(of),
        },
      ];
    }),
  };
}

/**
 * One bridge of the switch, by name; null when it has none of that name.
 *
 * @throws StateError when the database cannot be read
 */
export async function readSwitchBridge(name: string): Promise<SwitchBridgeFacts | null> {
  // No port is asked for.
  const { bridges } = await readSwitch('');
  return bridges.find((bridge) => bridge.name === name) ?? null;
}

/**
 * All of the switch; one that does not answer hides what it has, and is no reason to stop.
 *
 * @param warn told why
 */
export async function readSwitchOr(warn: (message: string) => void): Promise<SwitchFacts> {
  try {
    return await readSwitch();
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    warn(error.message);
    return { bridges: [], ports: [] };
  }
}

/** A port that works has a number; without its datapath in the kernel a bridge numbers none, and says nothing. */
function errorOf({ error, ofport }: Row): string | null {
  const [said] = set(error);
  if (said !== undefined) return text(said);
  const [number] = set(ofport);
  return typeof number === 'number' && number > 0 ? null : 'the switch gave it no number: its datapath does not work';
}

/** Signal 14, by which --timeout ends it: the database has the change, ovs-vswitchd did not follow. */
const ALARM = /Alarm clock|SIGALRM/;

/**
 * Changes the database. Exit status 0 is no success: what the switch could not do is on stderr only.
 *
 * @param words an ovs-vsctl command with a --timeout
 */
export async function changeSwitch(words: readonly string[]): Promise<Answer> {
  const { ok, why, stderr, signal } = await runCommand(words);
  if (ok) {
    const refused = /Error detected while setting up (.*?)\.? +See /.exec(stderr)?.[1];
    return refused === undefined
      ? { ok, json: [], warning: '' }
      : { ok: false, why: `the switch could not set up ${refused}`, uncertain: true };
  }
  if (signal !== 'SIGALRM' && !ALARM.test(why)) return { ok, why };
  // Taking away needs nobody to follow; ovs-vswitchd will when it is back.
  if (words.includes('--if-exists')) return changeSwitch([words[0] ?? '', '--no-wait', ...words.slice(1)]);
  return { ok: false, why: 'ovs-vswitchd did not follow in time; is it running?', uncertain: true };
}

type Row = Record<string, unknown>;

function rows(line: string): Row[] {
  if (line === '') return [];
  const { headings, data }: { headings: string[]; data: unknown[][] } = JSON.parse(line);
  return data.map((values) => Object.fromEntries(headings.map((heading, i) => [heading, values[i]])));
}

/** RFC 7047 section 5.1: a set of one is written without its brackets. */
function set(value: unknown): unknown[] {
  return Array.isArray(value) && value[0] === 'set' && Array.isArray(value[1]) ? value[1] : [value];
}

function map(value: unknown): Record<string, string> {
  return Array.isArray(value) && value[0] === 'map' ? Object.fromEntries(value[1]) : {};
}

/** An atom; of a UUID its digits. */
function text(value: unknown): string {
  return Array.isArray(value) && value[0] === 'uuid' ? String(value[1]) : String(value);
}
