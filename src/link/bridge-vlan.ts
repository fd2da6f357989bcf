/** VLANs of a Linux bridge's port (bridge(8), vlan): access and tagged ports. */
import { StateError } from '../errors.ts';
import type { LinkFacts, PortFacts } from '../facts.ts';
import { onHost, type Step } from '../plan/step.ts';
import type { ResolvedAdd } from './kind.ts';
import { isOurs } from './mark.ts';
import { vlanId } from './vlan.ts';
import { parseVlanList, vlanRanges } from './vlan-list.ts';

/** The VLAN a port is given by itself, untagged (vlan_default_pvid). */
const DEFAULT_PVID = 1;

/** A port that VLAN filtering cuts off. */
export const NO_VLANS: PortFacts = { pvid: null, tagged: [] };

/** Does the request want anything of VLANs? */
export function wantsVlans({ tag, trunk }: ResolvedAdd): boolean {
  return tag !== null || trunk !== null;
}

/**
 * Switches filtering on where it is off.
 *
 * @throws StateError for a bridge of somebody else's without --vlan-filtering: it cuts others off
 */
export function filteringSteps(request: ResolvedAdd, bridge: LinkFacts): Step[] {
  if (!wantsVlans(request) || filters(bridge)) return [];
  if (!isOurs(bridge.alias) && !request.vlanFiltering)
    throw new StateError(
      'vlan-filtering',
      `${bridge.ifname}: it does not filter VLANs, and switching that on may cut its other ports off from each other`,
      '--vlan-filtering',
    );
  const set = ['ip', 'link', 'set', 'dev', bridge.ifname, 'type', 'bridge', 'vlan_filtering'];
  return [onHost([...set, '1'], [...set, '0'])];
}

/** Gives a port just the VLANs asked for; before it is up, so that nothing leaks meanwhile. */
export function portVlanSteps(request: ResolvedAdd, port: string, bridge: LinkFacts | null): Step[] {
  if (!wantsVlans(request)) return [];
  const pvid = request.tag === null ? null : vlanId(request.tag);
  const own = defaultPvid(bridge);
  const vlan = (action: 'add' | 'del', id: string, ...flags: string[]) =>
    onHost(['bridge', 'vlan', action, 'dev', port, 'vid', id, ...flags]);
  return [
    ...(own === 0 || own === pvid ? [] : [vlan('del', String(own))]),
    ...(pvid === null ? [] : [vlan('add', String(pvid), 'pvid', 'untagged')]),
    ...vlanRanges(tagged(request)).map((range) => vlan('add', range)),
  ];
}

/** Makes the VLANs of a port that is there those asked for; each step with its inverse. */
export function portVlanChanges(request: ResolvedAdd, end: string, port: PortFacts | null, bridge: LinkFacts): Step[] {
  const own = defaultPvid(bridge);
  const has = port ?? { pvid: own === 0 ? null : own, tagged: [] };
  const pvid = request.tag !== null ? vlanId(request.tag) : request.trunk === null && own !== 0 ? own : null;
  const wanted = tagged(request);
  const words = (verb: 'add' | 'del', id: string | number, ...flags: string[]) => [
    ...['bridge', 'vlan', verb, 'dev', end, 'vid', String(id)],
    ...(verb === 'add' ? flags : []),
  ];
  const put = (id: string | number, ...flags: string[]) => onHost(words('add', id, ...flags), words('del', id));
  const take = (id: string | number, ...flags: string[]) => onHost(words('del', id), words('add', id, ...flags));
  return [
    ...vlanRanges(has.tagged.filter((id) => !wanted.includes(id))).map((range) => take(range)),
    ...(has.pvid === null || has.pvid === pvid ? [] : [take(has.pvid, 'pvid', 'untagged')]),
    ...(pvid === null || has.pvid === pvid ? [] : [put(pvid, 'pvid', 'untagged')]),
    ...vlanRanges(wanted.filter((id) => !has.tagged.includes(id))).map((range) => put(range)),
  ];
}

/** What a port looks like once its VLANs are set. */
export function expectedVlans(request: ResolvedAdd, bridge: LinkFacts | null) {
  const own = defaultPvid(bridge);
  const pvid = request.tag !== null ? vlanId(request.tag) : request.trunk === null && own !== 0 ? own : null;
  return portVlans({ pvid, tagged: tagged(request) }, bridge);
}

/**
 * A port's VLANs as an attachment tells them: the bridge's default one alone is no VLAN asked for, and
 * where a port has none at all, 0, nothing passes.
 */
export function portVlans(port: PortFacts | null, bridge: LinkFacts | null) {
  if (port === null) return { vlan: null, trunk: [] };
  const { pvid, tagged } = port;
  if (tagged.length > 0) return { vlan: pvid, trunk: vlanRanges(tagged) };
  return { vlan: pvid === (defaultPvid(bridge) || null) ? null : (pvid ?? 0), trunk: [] };
}

/** Does a bridge keep VLANs apart? */
export function filters(bridge: LinkFacts | null): boolean {
  return bridge?.kind === 'bridge' && bridge.infoData.vlan_filtering === 1;
}

function defaultPvid(bridge: LinkFacts | null): number {
  const pvid = bridge?.infoData.vlan_default_pvid;
  return typeof pvid === 'number' ? pvid : DEFAULT_PVID;
}

/** The VLANs of a port whose frames bear their tag. */
export function tagged({ trunk, tag }: ResolvedAdd): number[] {
  const pvid = tag === null ? null : vlanId(tag);
  return trunk === null ? [] : parseVlanList(trunk).filter((id) => id !== pvid);
}
