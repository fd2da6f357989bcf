/** What is known of the machine when a plan is made. Read by `src/host`, never written. */
import type { Family } from './request.ts';

export interface AddressFacts {
  readonly family: Family;
  readonly local: string;
  readonly prefixlen: number;
  readonly scope: string;
  /** Learned (SLAAC, DHCP), not set by hand. */
  readonly dynamic: boolean;
  /** Duplicate address detection found it in use elsewhere (RFC 4862). */
  readonly dadfailed: boolean;
}

/** A link as `ip -j -d addr show` tells of it. */
export interface LinkFacts {
  readonly ifindex: number;
  readonly ifname: string;
  /** `linkinfo.info_kind`; null for a NIC. */
  readonly kind: string | null;
  readonly address: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly operstate: string;
  readonly master: string | null;
  /** ifindex of the peer or lower link when it lives in another namespace, else null. */
  readonly linkIndex: number | null;
  /** Name of the peer or lower link when it lives in the same namespace, else null. */
  readonly link: string | null;
  readonly alias: string | null;
  /** State of a bridge port (`forwarding`, `blocking` ...), null when it is none. */
  readonly portState: string | null;
  readonly loopback: boolean;
  /** `linkinfo.info_data`: what only links of this kind have. */
  readonly infoData: Readonly<Record<string, unknown>>;
  readonly addresses: readonly AddressFacts[];
}

/** A default route of the main table; `words` is what follows `ip route add`, without the metric. */
export interface DefaultRouteFacts {
  readonly family: Family;
  readonly gateway: string | null;
  /** All links it leaves by: one, or several for a multipath route. */
  readonly devs: readonly string[];
  /** 0 to 4294967295; IPv4's default is 0, IPv6's 1024. */
  readonly metric: number;
  readonly words: readonly string[];
  /** Attributes that cannot be written back with `ip route add`; such a route is never moved. */
  readonly unwritable: readonly string[];
}

/** Everything in one network namespace that netwire looks at. */
export interface NetnsFacts {
  readonly links: readonly LinkFacts[];
  readonly defaultRoutes: readonly DefaultRouteFacts[];
}

/** A container, its namespace held open. */
export interface TargetFacts {
  /** `docker:c1`, `pid:123`, `netns:blue`, `netns:/path`. */
  readonly canonical: string;
  /** The runtime's full ID; null when it has none. */
  readonly id: string | null;
  /** A process of the container; null when the namespace was named itself. */
  readonly pid: number | null;
  /** inode of the network namespace. */
  readonly netns: number;
  /** A path to the namespace that other commands understand, for printed plans. */
  readonly path: string;
}

/** How one IP family's firewall treats frames that a bridge forwards. */
export interface FirewallFacts {
  readonly command: 'iptables' | 'ip6tables';
  /** Bridged frames pass FORWARD and its policy is DROP. */
  readonly drops: boolean;
  /** Where an accept rule belongs: DOCKER-USER where Docker made it. */
  readonly chain: 'DOCKER-USER' | 'FORWARD';
  /** The ruleset as `iptables -S` prints it. */
  readonly rules: readonly string[];
  /** Why the ruleset could not be read, null when it could. */
  readonly unreadable: string | null;
}

/** What planning an `add` needs. */
export interface AddFacts {
  readonly target: TargetFacts;
  readonly container: ContainerFacts;
  /** The link that bears the parent's name, null when there is none. */
  readonly parent: LinkFacts | null;
  /** What stands behind the interface that already bears the wanted name. */
  readonly hostSide: HostSide;
  /** The link that bears the name of the VLAN link. */
  readonly vlanLink: LinkFacts | null;
  /** The lower link's other ipvlan children, in whatever namespace. */
  readonly siblings: readonly LinkFacts[];
  /** Whether the name for the new host end is in use on the host. */
  readonly hostIfnameTaken: boolean;
  readonly firewall: readonly FirewallFacts[];
  /** Unicast, locally administered addresses nobody has yet: for the link, its host end, a new bridge. */
  readonly freshMac: { readonly link: string; readonly hostEnd: string; readonly bridge: string };
}

/** What stands behind a container's link on the host. */
export interface HostSide {
  /** A veth's host end. */
  readonly end: LinkFacts | null;
  /** The bridge of the host end, or the link that a macvlan, ipvlan ... is a child of. */
  readonly parent: LinkFacts | null;
  /** The host end's VLANs, when its bridge keeps VLANs apart. */
  readonly port: PortFacts | null;
}

/** The VLANs of a bridge port. */
export interface PortFacts {
  /** Where untagged frames go, and come from untagged; null: nowhere. */
  readonly pvid: number | null;
  /** VLANs whose frames bear their tag. */
  readonly tagged: readonly number[];
}

export const NO_HOST_SIDE: HostSide = { end: null, parent: null, port: null };

export interface ContainerFacts {
  /** The link that bears the wanted name. */
  readonly link: LinkFacts | null;
  readonly defaultRoutes: readonly DefaultRouteFacts[];
}

/** What planning a `del` needs. */
export interface DelFacts {
  readonly target: TargetFacts;
  readonly link: LinkFacts;
  readonly defaultRoutes: readonly DefaultRouteFacts[];
  readonly hostSide: HostSide;
  /** The bridge of the host end, with what else uses it. */
  readonly bridge: BridgeFacts | null;
  /** What else is on the VLAN link below: its other children, addresses somebody set, a master. */
  readonly vlanLinkUsers: number;
}

export interface BridgeFacts {
  readonly link: LinkFacts;
  readonly ports: readonly string[];
  /** What else is on it: children in whatever namespace, addresses somebody set, a master. */
  readonly users: number;
}
