/** VLAN links: `NIC.VID`, made when missing, used when it really has that tag. */
import { StateError, UsageError } from '../errors.ts';
import type { LinkFacts } from '../facts.ts';
import { onHost, type Step } from '../plan/step.ts';
import { IFNAME_BYTES } from './limits.ts';
import { VLAN_LINK_MARK } from './mark.ts';
import { stableName } from './stable-name.ts';
import { BORN, FINISHED } from './unfinished.ts';

/**
 * The tag behind `@`, as a VLAN ID (IEEE 802.1Q: 1 to 4094).
 *
 * @throws UsageError for anything else
 */
export function vlanId(tag: string): number {
  const id = Number(tag);
  if (!/^\d+$/.test(tag) || id < 1 || id > 4094)
    throw new UsageError(`VLAN ${JSON.stringify(tag)}: the VLAN IDs go from 1 to 4094`);
  return id;
}

/** The name of the VLAN link over a parent: `eth0.10`, or a short stable one where that is too long. */
export function vlanLinkName(parent: string, id: number): string {
  const name = `${parent}.${id}`;
  return Buffer.byteLength(name) <= IFNAME_BYTES ? name : stableName('nwv', name);
}

/**
 * Steps that make the VLAN link; none when it is there.
 *
 * @param existing the link that bears its name
 * @throws StateError when that is something else
 */
export function vlanLinkSteps(parent: LinkFacts, id: number, existing: LinkFacts | null): Step[] {
  const name = vlanLinkName(parent.ifname, id);
  if (existing !== null) {
    checkIsVlan(existing, parent, id);
    return [];
  }
  return [
    onHost(
      ['ip', 'link', 'add', 'link', parent.ifname, 'name', name, ...BORN, 'type', 'vlan', 'id', String(id)],
      ['ip', 'link', 'del', 'dev', name],
    ),
    onHost(['ip', 'link', 'set', 'dev', name, 'alias', VLAN_LINK_MARK, ...FINISHED, 'up']),
  ];
}

/** @throws StateError when the link is something else than that VLAN of the parent */
export function checkIsVlan(link: LinkFacts, parent: LinkFacts, id: number): void {
  const found = vlanOf(link);
  if (found !== null && found.id === id && found.parent === parent.ifname) return;
  const what = found === null ? `of kind ${link.kind ?? 'none: a NIC'}` : `VLAN ${found.id} of ${found.parent}`;
  throw new StateError('name-taken', `${link.ifname}: it is there, but ${what}, not VLAN ${id} of ${parent.ifname}`);
}

/** The tag and the lower link of a VLAN link; null when it is none. */
export function vlanOf(link: LinkFacts): { id: number; parent: string } | null {
  const { id, protocol } = link.infoData;
  if (link.kind !== 'vlan' || typeof id !== 'number' || link.link === null) return null;
  return protocol === undefined || protocol === '802.1Q' ? { id, parent: link.link } : null;
}
