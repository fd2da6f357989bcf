/** From what the kernel tells of a link to what netwire says of it. */

import { wordAfter } from '../address/route-words.ts';
import { routingOf } from '../address/routing-of.ts';
import type { Attachment, Kind } from '../attachment.ts';
import type { AddressFacts, HostSide, LinkFacts, TargetFacts, WaysFacts } from '../facts.ts';
import { portVlans } from './bridge-vlan.ts';
import { canonicalCommand } from './canonical.ts';
import { type Home, homeOfMoved } from './home.ts';
import { isMarkedAutoconf, isOurs, markedDhcp, markedParent, markedPeer, markedSwitch } from './mark.ts';
import { switchPortVlans } from './ovs.ts';
import { isHostEnd } from './veth.ts';
import { vlanLinkName, vlanOf } from './vlan.ts';

/** Link kinds an attachment can be of; a link of another kind (a tunnel's fallback) is none. */
const KINDS: readonly Kind[] = ['veth', 'macvlan', 'ipvlan', 'vlan', 'ipoib', 'dummy'];

/** Kinds whose `mode` is one of iproute2's words. */
const KINDS_WITH_MODE: readonly Kind[] = ['macvlan', 'ipvlan'];

/**
 * @returns the attachment that a container's link is, or null for `lo` and for links of kinds that
 *   are no attachments
 */
export function attachmentOf(link: LinkFacts, target: TargetFacts, ways: WaysFacts, host: HostSide): Attachment | null {
  const home = homeOfMoved(link, host);
  const kind = kindOf(link, home);
  if (kind === null) return null;
  const mode = KINDS_WITH_MODE.includes(kind) ? String(link.infoData.mode) : null;
  const attachment: Attachment = {
    container: target.canonical,
    pid: target.pid,
    netns: target.netns,
    ifname: link.ifname,
    kind,
    mode,
    ...keysOf(link, kind, home, host),
    host_ifname: host.end?.ifname ?? null,
    address: link.address,
    mtu: link.mtu,
    operstate: link.operstate,
    addr_info: link.addresses.map((one) => ({
      ...{ family: one.family, local: one.local, prefixlen: one.prefixlen, valid_life_time: validSeconds(one) },
    })),
    autoconf: isMarkedAutoconf(link.alias),
    dhcp: markedDhcp(link.alias, 'inet')?.client ?? null,
    dhcp6: markedDhcp(link.alias, 'inet6')?.client ?? null,
    ...routingOf(link, ways),
    pkey: kind === 'ipoib' && typeof link.infoData.key === 'string' ? link.infoData.key : null,
    ours: isOurAttachment(link, kind, target, host),
    command: null,
  };
  return { ...attachment, command: canonicalCommand(attachment, link, ways, host) };
}

/** Seconds that an address has left; null: it stays. */
function validSeconds({ words }: AddressFacts): number | null {
  const seconds = wordAfter(words, 'valid_lft');
  return seconds === null ? null : Number(seconds);
}

type ParentKeys = Pick<Attachment, 'parent' | 'parent_kind' | 'vlan' | 'trunk'>;

/** A veth is known by its host end's mark, which the container cannot write; a cable has no host end. */
function isOurAttachment(link: LinkFacts, kind: Kind, target: TargetFacts, host: HostSide): boolean {
  if (kind === 'veth' && (host.end !== null || markedPeer(link.alias) === null))
    return host.end !== null && isHostEnd(host.end, link, target.netns);
  return isMarked(link, kind, target);
}

/** On the host itself bridges and VLAN links bear marks as well, which make them no attachments. */
function isMarked(link: LinkFacts, kind: Kind, target: TargetFacts): boolean {
  return isOurs(link.alias) && (target.canonical !== 'host' || kind === 'macvlan' || kind === 'ipvlan');
}

/** A VLAN link of a NIC is told as the NIC and its VLAN, as it was asked for. */
function parentKeys({ parent, end, port, switchPort, peer }: HostSide): ParentKeys {
  const named = end && markedSwitch(end.alias);
  if (switchPort === null && named !== null && parent === null)
    return { parent: named, parent_kind: 'openvswitch', vlan: null, trunk: [] };
  if (peer !== null) return { parent: peer.target.canonical, parent_kind: 'container', vlan: null, trunk: [] };
  if (switchPort !== null)
    return { parent: switchPort.bridge, parent_kind: 'openvswitch', ...switchPortVlans(switchPort.vlans) };
  const vlan = parent && end === null ? vlanOf(parent) : null;
  if (parent && vlan && parent.ifname === vlanLinkName(vlan.parent, vlan.id))
    return { parent: vlan.parent, parent_kind: 'link', vlan: vlan.id, trunk: [] };
  const parent_kind = parent === null ? null : parent.kind === 'bridge' ? 'bridge' : 'link';
  return { parent: parent?.ifname ?? null, parent_kind, ...portVlans(port, parent) };
}

function keysOf(link: LinkFacts, kind: Kind, home: Home | null, host: HostSide): ParentKeys {
  if (kind === 'phys' || kind === 'vlan') return movedKeys(link, home, host);
  const parent = kind === 'ipoib' ? markedParent(link.alias) : null;
  return parent === null ? parentKeys(host) : { parent, parent_kind: 'link', vlan: null, trunk: [] };
}

/** What a moved link was at home; a VLAN link's parent stayed there. */
function movedKeys(link: LinkFacts, home: Home | null, { parent }: HostSide): ParentKeys {
  const vlan = link.kind === 'vlan' ? Number(link.infoData.id) : null;
  const name = vlan === null ? (home?.name ?? null) : (markedParent(link.alias) ?? parent?.ifname ?? null);
  return { parent: name, parent_kind: name === null ? null : 'link', vlan, trunk: [] };
}

function kindOf(link: LinkFacts, home: Home | null): Kind | null {
  if (link.loopback) return null;
  if (link.kind === null || (home !== null && link.kind !== 'vlan')) return 'phys';
  return KINDS.find((kind) => kind === link.kind) ?? null;
}
