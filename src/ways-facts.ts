/** What is known of the ways out of a network namespace. */
import type { Family } from './family.ts';

/** A route; `words` is what follows `ip route add`, without the metric. Mostly a default route of the main table. */
export interface RouteFacts {
  readonly family: Family;
  readonly gateway: string | null;
  /** All links it leaves by: one, or several for a multipath route. */
  readonly devs: readonly string[];
  /** 0 to 4294967295; IPv4's default is 0, IPv6's 1024. */
  readonly metric: number;
  readonly words: readonly string[];
  /** Who made it (rtnetlink(7), rtm_protocol): `boot` by hand, `kernel`, `ra` from a router's advertisement ... */
  readonly protocol: string;
  /** Attributes that cannot be written back with `ip route add`; such a route is never moved. */
  readonly unwritable: readonly string[];
}

/** A rule of the routing policy (ip-rule(8)), as far as it looks at the source address alone. */
export interface RuleFacts {
  readonly family: Family;
  readonly from: string;
  readonly table: string;
  /** As a route's. */
  readonly protocol: string;
}

/** A DHCP client that netwire keeps at work. */
export interface DhcpClientFacts {
  readonly family: Family;
  readonly ifname: string;
  /** Where its files are. */
  readonly dir: string;
  /** The program that keeps it. */
  readonly program: string;
  /** Its keeper lives; without one it is not begun again, and does not end with its container. */
  readonly isKept: boolean;
  /** What it was begun with: interface, namespace, client, host name ... None, where it is not known. */
  readonly words: readonly string[];
  /** A netwire waits for its first lease. */
  readonly isAwaited: boolean;
}

/** The ways out of one network namespace, and who keeps them. */
export interface WaysFacts {
  readonly dhcpClients: readonly DhcpClientFacts[];
  /** Of the main table. */
  readonly defaultRoutes: readonly RouteFacts[];
  /** Other routes that netwire made, in all tables. */
  readonly ownRoutes: readonly RouteFacts[];
  /** Rules that netwire made. */
  readonly ownRules: readonly RuleFacts[];
}

/** A namespace in which nothing leads anywhere. */
export const NO_WAYS: WaysFacts = { dhcpClients: [], defaultRoutes: [], ownRoutes: [], ownRules: [] };
