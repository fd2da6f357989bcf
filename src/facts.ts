/** What is known of the machine when a plan is made. Read by `src/host`, never written. */
import type { DhcpClient, Family } from './family.ts';
import type { PresentFacts } from './present-facts.ts';
import type { SwitchBridgeFacts, SwitchPortFacts } from './switch-facts.ts';
import type { RouteFacts, WaysFacts } from './ways-facts.ts';

export * from './ways-facts.ts';

export interface AddressFacts {
  readonly family: Family;
  readonly local: string;
  readonly prefixlen: number;
  readonly scope: string;
  /** Learned (SLAAC, DHCP), not set by hand. */
  readonly dynamic: boolean;
  /** One that the kernel makes up anew now and then (RFC 8981). */
  readonly temporary: boolean;
  /** Duplicate address detection found it in use elsewhere (RFC 4862). */
  readonly dadfailed: boolean;
  /** It is not known yet whether another host has it: the kernel does not use it. */
  readonly tentative: boolean;
  /** What follows `ip addr add` to have it again, without the link. */
  readonly words: readonly string[];
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
  readonly infiniband: boolean;
  /** ip-link(8), group: `default`, another name, or a number. */
  readonly group: string;
  /** `linkinfo.info_data`: what only links of this kind have. */
  readonly infoData: Readonly<Record<string, unknown>>;
  readonly addresses: readonly AddressFacts[];
}

/** Everything in one network namespace that netwire looks at. */
export interface NetnsFacts extends WaysFacts {
  readonly links: readonly LinkFacts[];
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
  /** What a netwire that was killed left under the wanted name, and is planned as if it were gone; absent: nothing. */
  readonly overlooked?: LinkFacts;
  /** The link that bears the parent's name, null when there is none. */
  readonly parent: LinkFacts | null;
  /** The container at the other end of a cable, and its link of the wanted name. */
  readonly peer: { readonly target: TargetFacts; readonly container: ContainerFacts } | null;
  /** What stands behind the interface that already bears the wanted name. */
  readonly hostSide: HostSide;
  /** What is to be changed; null: nothing is there, or it is not to be changed. */
  readonly present: PresentFacts | null;
  /** The link that bears the name of the VLAN link. */
  readonly vlanLink: LinkFacts | null;
  /** The lower link's other ipvlan children, in whatever namespace. */
  readonly siblings: readonly LinkFacts[];
  /** What a link that is to be moved carries; null: none is. */
  readonly moved: MovedFacts | null;
  /** The host has a link of the name that is wanted in the container. */
  readonly ifnameOnHost: boolean;
  /** Whether the name for the new host end is in use on the host. */
  readonly hostIfnameTaken: boolean;
  /** The Open vSwitch bridge of the parent's name. */
  readonly switchBridge: SwitchBridgeFacts | null;
  /** A port of that switch that bears the name for the new host end: one whose link is gone. */
  readonly stalePort: SwitchPortFacts | null;
  /** The host's kernel knows IPv6. */
  readonly hasIpv6: boolean;
  /** ethtool(8) is installed. */
  readonly hasEthtool: boolean;
  readonly firewall: readonly FirewallFacts[];
  /** Null: no DHCP is asked for. */
  readonly dhcp: { readonly program: string; readonly installed: readonly DhcpClient[] } | null;
  readonly freshMac: FreshMacs;
}

/** Unicast, locally administered addresses nobody has yet. */
interface FreshMacs {
  readonly link: string;
  /** A veth's other end: on the host, or in a second container. */
  readonly hostEnd: string;
  readonly peer: string;
  readonly bridge: string;
}

/** A link of the host that is to be moved into a container, with all that depends on it. */
export interface MovedFacts {
  readonly link: LinkFacts;
  /** Routes by it in all tables, but for the kernel's own. */
  readonly routes: readonly RouteFacts[];
  /** As of an end that is there. */
  readonly neighbours: readonly (readonly string[])[];
  /** Names of its children: VLAN links, macvlan ... in whatever namespace. */
  readonly children: readonly string[];
  /** Its settings below /proc/sys that are not the defaults, key and value. */
  readonly sysctls: readonly (readonly [key: string, value: string])[];
  /** The Open vSwitch bridge that it is a port of, or is itself. */
  readonly switchBridge: string | null;
  readonly wiphy: Wiphy | null;
  /** Address on the PCI bus of the device behind it, null when there is none. */
  readonly pci: string | null;
}

/** Wi-Fi: the link cannot be moved, its wireless device can (iw(8)), to where a process lives. */
export interface Wiphy {
  readonly name: string;
  /** A process in the host's namespace. */
  readonly hostPid: number;
}

/** What stands behind a container's link on the host. */
export interface HostSide {
  /** A veth's host end. */
  readonly end: LinkFacts | null;
  /** The bridge of the host end, or the link that a macvlan, ipvlan ... is a child of. */
  readonly parent: LinkFacts | null;
  /** The host end's VLANs, when its bridge keeps VLANs apart. */
  readonly port: PortFacts | null;
  /** The host end as a port of Open vSwitch. */
  readonly switchPort: SwitchPortFacts | null;
  /** The other end of a cable. */
  readonly peer: CableEndFacts | null;
}

/** One end of a cable, seen from the other. */
export interface CableEndFacts extends WaysFacts {
  readonly target: TargetFacts;
  readonly link: LinkFacts;
}

/** What PARENT was found to be. */
export interface ParentFacts {
  readonly link: LinkFacts | null;
  /** The Open vSwitch bridge of that name. */
  readonly switchBridge: SwitchBridgeFacts | null;
  /** The container at the other end of a cable. */
  readonly peer: TargetFacts | null;
}

/** The VLANs of a bridge port. */
export interface PortFacts {
  /** Where untagged frames go, and come from untagged; null: nowhere. */
  readonly pvid: number | null;
  /** VLANs whose frames bear their tag. */
  readonly tagged: readonly number[];
}

export const NO_HOST_SIDE: HostSide = { end: null, parent: null, port: null, switchPort: null, peer: null };

export interface ContainerFacts extends WaysFacts {
  /** The link that bears the wanted name. */
  readonly link: LinkFacts | null;
  /** Addresses of its other links, and which one has each. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

/** What planning a `del` needs. */
export interface DelFacts extends WaysFacts {
  readonly target: TargetFacts;
  readonly link: LinkFacts;
  readonly hostSide: HostSide;
  /** The host has a link of the name that a moved one has at home. */
  readonly homeTaken: boolean;
  /** Names of links that somebody made over it in its container. */
  readonly children: readonly string[];
  /** A process in the host's namespace. */
  readonly hostPid: number;
  /** The bridge of the host end, with what else uses it. */
  readonly bridge: BridgeFacts | null;
  /** The same of an Open vSwitch bridge. */
  readonly switchBridge: (SwitchBridgeFacts & { readonly users: number }) | null;
  /** What else is on the VLAN link below: its other children, addresses somebody set, a master. */
  readonly vlanLinkUsers: number;
}

export interface BridgeFacts {
  readonly link: LinkFacts;
  readonly ports: readonly string[];
  /** What else is on it: children in whatever namespace, addresses somebody set, a master. */
  readonly users: number;
}
