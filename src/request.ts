/** What a command line asks for: parsed and checked, nothing of the machine known yet. */
import type { DhcpClient, Family } from './family.ts';
import type { RuntimeWord } from './target/runtimes.ts';

/** One `ADDRESS[@GATEWAY]` word. `local` and `gateway` are in canonical spelling. */
export interface AddressRequest {
  readonly family: Family;
  readonly local: string;
  readonly prefixlen: number;
  readonly gateway: string | null;
  /** The gateway lies in the address's own prefix (or is link-local), so no host route is needed. */
  readonly gatewayOnLink: boolean;
  /** The kernel asks for it first (RFC 4862, 5.4), which takes a second or two; IPv6 alone. */
  readonly dad?: boolean;
}

/** An address that a DHCP server is to give. */
export interface DhcpRequest {
  /** `inet6`: DHCPv6 (RFC 8415), where routers say the routes. */
  readonly family: Family;
  /** Null: the best one there is. */
  readonly client: DhcpClient | null;
  /** Further words for the client. */
  readonly options: readonly string[];
  /** The client ends after the first lease. */
  readonly once: boolean;
  /** Null: the container's name. */
  readonly hostname: string | null;
  /** Gets what the server says of name servers; null: nobody does. */
  readonly dnsFile: string | null;
}

/** One `--route DST[@VIA]`. */
export interface RouteRequest {
  readonly family: Family;
  /** `10.9.0.0/16`, no bit set behind the length; a single host's address has none. */
  readonly dst: string;
  readonly via: string | null;
  /** VIA lies in the prefix of an address asked for, or is link-local. */
  readonly viaOnLink: boolean;
}

/** How packets find their way by a link, besides its addresses. */
export interface Routing {
  readonly routes: readonly RouteRequest[];
  /** Of the default routes and of `routes`; null: the kernel's choice. */
  readonly metric: number | null;
  /** Default routes that are there stay before ours. */
  readonly keepsDefault: boolean;
  /** The table that its routes go into, for packets sent from its addresses; null: the main one. */
  readonly table: number | null;
}

/** `[KIND:]LINK`. `kind` is one of the link kinds' words, or `auto`: read off the link of that name, or off the name. */
export interface ParentRequest {
  readonly kind: string;
  readonly link: LinkSelector;
}

/**
 * A link of the host by its name, its MAC address, or its PCI address (`0000:03:00.0`); or the
 * container at the other end of a cable.
 */
export type LinkSelector =
  | { readonly by: 'name'; readonly name: string }
  | { readonly by: 'mac'; readonly address: string }
  | { readonly by: 'pci'; readonly address: string }
  | { readonly by: 'container'; readonly container: ContainerRequest };

/** `[RUNTIME:]NAME`. `runtime` null: every runtime present is asked. */
export interface ContainerRequest {
  readonly runtime: Runtime | null;
  readonly name: string;
}

/** What stands before the colon, or the host itself. */
type Runtime = RuntimeWord | 'host';

/** The other end of a cable. */
export interface PeerRequest {
  readonly ifname: string;
  readonly addresses: readonly AddressRequest[];
  /** Null: a fresh one. */
  readonly mac: string | null;
}

export interface AddRequest {
  readonly parent: ParentRequest;
  readonly container: ContainerRequest;
  readonly addresses: readonly AddressRequest[];
  /** One a family at most. */
  readonly dhcp: readonly DhcpRequest[];
  /** An IPv6 address made of what a router advertises (RFC 4862). */
  readonly autoconf: boolean;
  readonly routing: Routing;
  /** An address that answers on the network is refused. */
  readonly probe: boolean;
  /** Null: the kernel's choice. */
  readonly mac: string | null;
  /** Null: the link kind's default. */
  readonly ifname: string | null;
  /** Null: derived from the inside name and the PID. */
  readonly hostIfname: string | null;
  /** Null: the parent's. */
  readonly mtu: number | null;
  readonly firewall: boolean;
  /** What stands behind `@` or `--vlan`, as written: its meaning is the link kind's. */
  readonly tag: string | null;
  /** InfiniBand partition key, as written; null: what `tag` says. */
  readonly pkey: string | null;
  /** The tagged VLANs of a bridge port, as written: `20,30-39`. */
  readonly trunk: string | null;
  /** VLAN filtering may be switched on for a bridge that is somebody else's. */
  readonly vlanFiltering: boolean;
  /** Null: as the bridge is, or Open vSwitch's own choice. */
  readonly ovsDatapath: 'system' | 'netdev' | null;
  /** A link may be moved though the host's default route leaves by it. */
  readonly force: boolean;
  /** What is there already is made as it is asked for. */
  readonly replace: boolean;
  /** Null: it is no cable. */
  readonly peer: PeerRequest | null;
  readonly mode: string | null;
  readonly isolation: string | null;
}

export interface DelRequest {
  readonly container: ContainerRequest;
  /** Null: the container's one attachment. */
  readonly ifname: string | null;
  /** All that netwire made in the container. */
  readonly all: boolean;
  /** A moved link is brought home though the container may have made it itself. */
  readonly force: boolean;
}

/** One line of a batch. */
export type BatchLine = {
  /** `FILE:NUMBER`. */
  readonly place: string;
  readonly number: number;
} & ({ readonly add: AddRequest; readonly del: null } | { readonly add: null; readonly del: DelRequest });

export interface ShowRequest {
  readonly container: ContainerRequest | null;
  readonly ifname: string | null;
  readonly parent: string | null;
}

export interface WaitRequest {
  readonly container: ContainerRequest;
  readonly ifname: string;
}

export interface ExecRequest {
  readonly container: ContainerRequest;
  /** The program and its words. */
  readonly command: readonly string[];
}
