/** An interface of a container, as `--json` prints it: the keys are part of the public interface. */
import type { DhcpClient, Family } from './family.ts';

export type Kind = 'veth' | 'macvlan' | 'ipvlan' | 'phys' | 'vlan' | 'ipoib' | 'dummy';

export interface Attachment {
  /** Canonical name: `docker:c1`, `pid:123`, `netns:blue`. */
  readonly container: string;
  /** A process of the container; null when a namespace was named itself. */
  readonly pid: number | null;
  /** inode of the network namespace. */
  readonly netns: number;
  readonly ifname: string;
  readonly kind: Kind;
  readonly mode: string | null;
  readonly parent: string | null;
  readonly parent_kind: 'bridge' | 'openvswitch' | 'link' | 'container' | null;
  readonly host_ifname: string | null;
  readonly address: string;
  readonly mtu: number;
  readonly operstate: string;
  readonly addr_info: readonly {
    family: Family;
    local: string;
    prefixlen: number;
    /** Seconds until the kernel takes it away, of a lease for one; null: never. */
    valid_life_time: number | null;
  }[];
  /** The client that keeps its IPv4 lease; null: it has none. */
  readonly dhcp: DhcpClient | null;
  /** The same of IPv6. */
  readonly dhcp6: DhcpClient | null;
  /** Its IPv6 address is made of what a router advertises. */
  readonly autoconf: boolean;
  readonly gateway: readonly string[];
  /** Whether the default routes by those gateways come before those that were there; null: there are none. */
  readonly default_route: 'take' | 'keep' | null;
  /** Of its default routes or else its other routes; null: the kernel's own choice. */
  readonly metric: number | null;
  /** A table of its own; null: the main one. */
  readonly table: number | null;
  /** As `--route` has them: `10.9.0.0/16@10.1.1.254`. */
  readonly route: readonly string[];
  readonly vlan: number | null;
  readonly trunk: readonly string[];
  readonly pkey: string | null;
  /** Made by netwire. */
  readonly ours: boolean;
  /** The canonical netwire command that makes this attachment; null when netwire has none. */
  readonly command: string | null;
}
