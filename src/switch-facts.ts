/** What is known of Open vSwitch when a plan is made: its database's words, ovs-vswitchd.conf.db(5). */
import type { PortFacts } from './facts.ts';

/** Open vSwitch, as its database tells of it. */
export interface SwitchFacts {
  readonly bridges: readonly SwitchBridgeFacts[];
  readonly ports: readonly SwitchPortFacts[];
}

export interface SwitchBridgeFacts {
  readonly name: string;
  /** `system`: the kernel's; `netdev`: in ovs-vswitchd itself. */
  readonly datapath: string;
  readonly externalIds: Readonly<Record<string, string>>;
  /** Without the bridge's own. */
  readonly portCount: number;
}

export interface SwitchPortFacts {
  readonly name: string;
  readonly bridge: string;
  /** The bridge's. */
  readonly datapath: string;
  readonly vlans: PortFacts;
  /** Of its interface. */
  readonly externalIds: Readonly<Record<string, string>>;
  /** Why the switch could not make it, null when it could. */
  readonly error: string | null;
}
