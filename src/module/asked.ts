/** What the module's functions are asked for: the words and options of the command line, by name. */

/** The words and options of `netwire add`. Each is written as there, and refused as there. */
export interface AttachWords {
  /** PARENT: `br1`, `eth0`, `bridge:lan`, `ovs0`, `ipvlan:eth0`, `veth:c2`. */
  readonly parent: string;
  /** CONTAINER: `c1`, `docker:c1`, a path, `host`; a number is a PID. */
  readonly container: string | number;
  /** ADDRESS: `192.168.1.1/24@192.168.1.254`, `dhcp`, `auto`, or several; an empty list is `0/0`, none. */
  readonly addresses: string | readonly string[];
  /** MAC: six bytes, or `U:text`. */
  readonly mac?: string | undefined;
  readonly ifname?: string | undefined;
  readonly hostIfname?: string | undefined;
  readonly mtu?: number | undefined;
  /** `--route`: `10.9.0.0/16@192.168.1.254` each. */
  readonly routes?: readonly string[] | undefined;
  readonly metric?: number | undefined;
  readonly defaultRoute?: 'take' | 'keep' | undefined;
  readonly table?: number | undefined;
  readonly probe?: boolean | undefined;
  readonly dad?: boolean | undefined;
  readonly once?: boolean | undefined;
  readonly hostname?: string | undefined;
  readonly dnsFile?: string | undefined;
  /** False: `--no-firewall`. */
  readonly firewall?: boolean | undefined;
  readonly vlan?: number | undefined;
  readonly pkey?: string | undefined;
  /** Tagged VLANs: `20,30-39`, or a list of such. */
  readonly trunk?: string | readonly (string | number)[] | undefined;
  readonly vlanFiltering?: boolean | undefined;
  readonly ovsDatapath?: 'system' | 'netdev' | undefined;
  /** The other end of a cable: `--peer-ifname`, `--peer-address`, `--peer-mac`. */
  readonly peer?: PeerWords | undefined;
  readonly directPhys?: boolean | undefined;
  readonly force?: boolean | undefined;
  readonly replace?: boolean | undefined;
  readonly mode?: string | undefined;
  readonly isolation?: string | undefined;
}

export interface PeerWords {
  readonly ifname?: string | undefined;
  readonly addresses?: string | readonly string[] | undefined;
  readonly mac?: string | undefined;
}

/** The words and options of `netwire del`. */
export interface DetachWords {
  readonly container: string | number;
  /** May be left out where there is one interface. */
  readonly ifname?: string | undefined;
  /** All that netwire made in the container. */
  readonly all?: boolean | undefined;
  /** Also what netwire did not make. */
  readonly force?: boolean | undefined;
}

/** The words and options of `netwire show`. */
export interface ShowWords {
  /** Left out: all containers. */
  readonly container?: string | number | undefined;
  readonly ifname?: string | undefined;
  /** Only interfaces on this parent. */
  readonly parent?: string | undefined;
}

/** An AbortSignal, as far as it is looked at. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** How it is done. */
export interface Settings {
  /** Seconds, as of `--timeout`. */
  readonly timeout?: number | undefined;
  /** Told what the command would say on stderr though the work goes on; left out: nobody is. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

export interface WorkSettings extends Settings {
  /** When it is given, what was done is undone and InterruptedError is thrown. */
  readonly signal?: AbortSignalLike | undefined;
  /** Told each command before it runs, as of `--verbose`. */
  readonly onCommand?: ((line: string) => void) | undefined;
}
