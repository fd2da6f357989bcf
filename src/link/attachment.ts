/** From what the kernel tells of a link to what netwire says of it. */
import type { Attachment, Kind } from '../attachment.ts';
import { canonicalCommand } from '../cli/canonical.ts';
import type { DefaultRouteFacts, LinkFacts, TargetFacts } from '../facts.ts';
import { isOurs } from './mark.ts';
import { type HostSide, isHostEnd } from './veth.ts';

/** Link kinds an attachment can be of; a link of another kind (a tunnel's fallback) is none. */
const KINDS: readonly Kind[] = ['veth', 'macvlan', 'ipvlan', 'vlan', 'ipoib', 'dummy'];

/**
 * @returns the attachment that a container's link is, or null for `lo` and for links of kinds that
 *   are no attachments
 */
export function attachmentOf(
  link: LinkFacts,
  target: TargetFacts,
  routes: readonly DefaultRouteFacts[],
  host: HostSide,
): Attachment | null {
  const kind = kindOf(link);
  if (kind === null) return null;
  const ours = kind === 'veth' ? host.link !== null && isHostEnd(host.link, link, target.netns) : isOurs(link.alias);
  const bridge = host.master?.kind === 'bridge';
  const attachment: Attachment = {
    container: target.canonical,
    pid: target.pid,
    netns: target.netns,
    ifname: link.ifname,
    kind,
    mode: null,
    parent: host.link?.master ?? null,
    parent_kind: bridge ? 'bridge' : host.master?.kind === 'openvswitch' ? 'openvswitch' : null,
    host_ifname: host.link?.ifname ?? null,
    address: link.address,
    mtu: link.mtu,
    operstate: link.operstate,
    addr_info: link.addresses.map(({ family, local, prefixlen }) => ({ family, local, prefixlen })),
    gateway: routes
      .filter(({ devs, gateway }) => gateway !== null && devs.includes(link.ifname))
      .flatMap(({ gateway }) => gateway ?? []),
    vlan: null,
    trunk: [],
    pkey: null,
    ours,
    command: null,
  };
  if (!bridge) return attachment;
  return { ...attachment, command: canonicalCommand(attachment, setAddresses(link)) };
}

/** Addresses somebody set, not what the kernel or a router made up. */
export function setAddresses(link: LinkFacts): LinkFacts['addresses'] {
  return link.addresses.filter(({ scope, dynamic }) => scope !== 'link' && !dynamic);
}

function kindOf(link: LinkFacts): Kind | null {
  if (link.loopback) return null;
  if (link.kind === null) return 'phys';
  return KINDS.find((kind) => kind === link.kind) ?? null;
}
