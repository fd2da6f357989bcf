/** Facts for tests: what a machine would tell, made up. */
import {
  type AddFacts,
  type ContainerFacts,
  type DelFacts,
  type FirewallFacts,
  type LinkFacts,
  NO_HOST_SIDE,
  NO_WAYS,
  type RouteFacts,
} from '../../src/facts.ts';
import type { Places } from '../../src/plan/step.ts';

export function link(ifname: string, more: Partial<LinkFacts> = {}): LinkFacts {
  return {
    ifindex: 7,
    ifname,
    kind: null,
    address: '02:00:00:00:00:07',
    mtu: 1500,
    up: true,
    operstate: 'UP',
    master: null,
    linkIndex: null,
    link: null,
    alias: null,
    portState: null,
    loopback: false,
    infiniband: false,
    group: 'default',
    infoData: {},
    addresses: [],
    ...more,
  };
}

export const OUR_BRIDGE = link('br1', { kind: 'bridge', alias: 'netwire:1' });

export const FIREWALL: FirewallFacts = {
  command: 'iptables',
  drops: true,
  chain: 'DOCKER-USER',
  rules: ['-P FORWARD DROP', '-N DOCKER-USER', '-A DOCKER-USER -j RETURN'],
  unreadable: null,
};

/** A container without an interface of the wanted name. */
export function containerFacts(more: Partial<ContainerFacts> = {}): ContainerFacts {
  return { ...NO_WAYS, link: null, elsewhere: new Map(), ...more };
}

export function addFacts(more: Partial<AddFacts> = {}): AddFacts {
  return {
    target: { canonical: 'docker:c1', id: null, pid: 4711, netns: 4026532281, path: '/proc/4711/ns/net' },
    container: containerFacts(),
    parent: null,
    peer: null,
    hostSide: NO_HOST_SIDE,
    present: null,
    vlanLink: null,
    siblings: [],
    moved: null,
    switchBridge: null,
    stalePort: null,
    hasEthtool: true,
    ifnameOnHost: false,
    hostIfnameTaken: false,
    firewall: [],
    dhcp: null,
    hasIpv6: true,
    freshMac: {
      link: '02:00:00:00:00:01',
      hostEnd: 'fe:00:00:00:00:03',
      peer: '02:00:00:00:00:04',
      bridge: '02:00:00:00:00:02',
    },
    ...more,
  };
}

/** Taking back a link that has nothing behind it on the host. */
export function delFacts(link: LinkFacts): DelFacts {
  const { target, hostSide } = addFacts();
  return {
    target,
    ...NO_WAYS,
    link,
    hostSide,
    bridge: null,
    switchBridge: null,
    vlanLinkUsers: 0,
    homeTaken: false,
    children: [],
    hostPid: 1,
  };
}

export function defaultRoute(gateway: string, dev: string, metric: number): RouteFacts {
  return {
    family: gateway.includes(':') ? 'inet6' : 'inet',
    gateway,
    devs: [dev],
    metric,
    words: ['default', 'via', gateway, 'dev', dev],
    protocol: 'boot',
    unwritable: [],
  };
}

/** The places of a plan whose target is that of `addFacts`. */
export const PLACES: Places = {
  host: { name: 'host', path: '/proc/1/ns/net' },
  container: { name: 'docker:c1', path: '/proc/4711/ns/net' },
  peer: { name: 'docker:c2', path: '/proc/4712/ns/net' },
};
