/** What a command line asks for: parsed and checked, nothing of the machine known yet. */

export type Family = 'inet' | 'inet6';

/** One `ADDRESS[@GATEWAY]` word. `local` and `gateway` are in canonical spelling. */
export interface AddressRequest {
  readonly family: Family;
  readonly local: string;
  readonly prefixlen: number;
  readonly gateway: string | null;
  /** The gateway lies in the address's own prefix (or is link-local), so no host route is needed. */
  readonly gatewayOnLink: boolean;
}

/** `[KIND:]LINK`. `auto`: the kind is read off the link of that name, or off the name. */
export interface ParentRequest {
  readonly kind: 'auto' | 'bridge';
  readonly name: string;
}

/** `[RUNTIME:]NAME`. `runtime` null: every runtime present is asked. */
export interface ContainerRequest {
  readonly runtime: Runtime | null;
  readonly name: string;
}

export type Runtime = 'docker' | 'pid' | 'netns';

export interface AddRequest {
  readonly parent: ParentRequest;
  readonly container: ContainerRequest;
  readonly addresses: readonly AddressRequest[];
  /** Null: the kernel's choice. */
  readonly mac: string | null;
  readonly ifname: string;
  /** Null: derived from the inside name and the PID. */
  readonly hostIfname: string | null;
  /** Null: the parent's. */
  readonly mtu: number | null;
  readonly firewall: boolean;
}

export interface DelRequest {
  readonly container: ContainerRequest;
  /** Null: the container's one attachment. */
  readonly ifname: string | null;
}

export interface ShowRequest {
  readonly container: ContainerRequest | null;
  readonly ifname: string | null;
  readonly parent: string | null;
}
