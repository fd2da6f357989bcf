/** The VLANs of bridge ports, as `bridge -j vlan show` tells them (bridge(8)). */
import { StateError } from '../errors.ts';
import type { PortFacts } from '../facts.ts';
import { runCommand } from './process.ts';

interface PortJson {
  readonly ifname: string;
  readonly vlans?: readonly { readonly vlan: number; readonly vlanEnd?: number; readonly flags?: readonly string[] }[];
}

/**
 * @param port one, or all of them
 * @throws StateError when they cannot be read
 */
export async function readPorts(port?: string): Promise<Map<string, PortFacts>> {
  const { ok, stdout, why } = await runCommand([
    ...['bridge', '-j', 'vlan', 'show'],
    ...(port === undefined ? [] : ['dev', port]),
  ]);
  if (!ok) throw new StateError('facts', `reading the VLANs of ${port ?? 'bridge ports'}: ${why}`);
  const ports: PortJson[] = stdout.trim() === '' ? [] : JSON.parse(stdout);
  // A port without any VLAN is left out.
  return new Map(ports.map(({ ifname, vlans }) => [ifname, portOf(vlans ?? [])]));
}

function portOf(vlans: NonNullable<PortJson['vlans']>): PortFacts {
  const pvid = vlans.find(({ flags }) => flags?.includes('PVID'));
  const tagged = vlans
    .filter(({ flags }) => !flags?.includes('Egress Untagged'))
    .flatMap(({ vlan, vlanEnd = vlan }) => Array.from({ length: vlanEnd - vlan + 1 }, (_, i) => vlan + i));
  return { pvid: pvid?.vlan ?? null, tagged };
}
