import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultRouteDocuments, linkDocuments } from '../../src/host/busybox-text.ts';
import { defaultRouteFacts, linkFacts } from '../../src/host/ip-json.ts';

/** As BusyBox 1.35 prints it; the second veth's name in it is that of a link it has nothing to do with. */
const ADDR_SHOW = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host 
       valid_lft forever preferred_lft forever
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP qlen 1000
    link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff
    inet 10.0.2.15/24 brd 10.0.2.255 scope global dynamic eth0
       valid_lft 86000sec preferred_lft 86000sec
    inet 10.9.0.1 peer 10.9.0.2/32 scope global eth0
       valid_lft forever preferred_lft forever
    inet6 fe80::1/64 scope link tentative dadfailed flags 02 
       valid_lft forever preferred_lft forever
3: br1: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1400 qdisc noqueue qlen 1000
    link/ether 02:00:00:00:00:77 brd ff:ff:ff:ff:ff:ff
5: veth1pl5@br1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc noqueue master br1 qlen 1000
    link/ether fe:00:00:00:00:77 brd ff:ff:ff:ff:ff:ff
6: a@b@eth0: <BROADCAST,MULTICAST,M-DOWN> mtu 1500 qdisc noop qlen 1000
    link/ether fe:00:00:00:00:78 brd ff:ff:ff:ff:ff:ff
7: gone: <BROADCAST> mtu 1500 qdisc noop
    link/ether fe:00:00:00:00:79 brd ff:ff:ff:ff:ff:ff
8: other: <BROADCAST,NOARP> mtu 1500 qdisc noop
    link/ether fe:00:00:00:00:80 brd ff:ff:ff:ff:ff:ff
sysfs br1
ifindex 3
iflink 3
type 1
operstate down
ifalias netwire:1 firewall=iptables
devtype bridge
lower veth1pl5
sysfs a@b
ifindex 6
iflink 2
type 1
operstate down
devtype macvlan
lower eth0
sysfs eth0
ifindex 2
iflink 2
type 1
operstate up
device yes
sysfs lo
ifindex 1
iflink 1
type 772
operstate unknown
sysfs other
ifindex 8
iflink 8
type 1
operstate down
sysfs veth1pl5
ifindex 5
iflink 3
type 1
operstate up
ifalias netwire:1 netns=4026532281 docker:c1
brport/state 3
`;

const links = new Map(linkFacts(linkDocuments(ADDR_SHOW)).map((link) => [link.ifname, link]));

test('links are read from text and sysfs; one that went meanwhile is none', () => {
  assert.deepEqual([...links.keys()], ['lo', 'eth0', 'br1', 'veth1pl5', 'a@b', 'other']);
  assert.equal(links.get('lo')?.loopback, true);
  const br1 = links.get('br1');
  assert.deepEqual(
    [br1?.ifindex, br1?.kind, br1?.mtu, br1?.up, br1?.operstate, br1?.address, br1?.alias, br1?.linkIndex, br1?.link],
    [3, 'bridge', 1400, true, 'DOWN', '02:00:00:00:00:77', 'netwire:1 firewall=iptables', null, null],
  );
});

test('a veth is known by the link behind it, whatever name stands there', () => {
  const veth = links.get('veth1pl5');
  assert.deepEqual(
    [veth?.kind, veth?.linkIndex, veth?.link, veth?.master, veth?.portState, veth?.alias],
    ['veth', 3, null, 'br1', 'forwarding', 'netwire:1 netns=4026532281 docker:c1'],
  );
});

test('a NIC, a child in the same namespace, and a link nobody knows', () => {
  assert.equal(links.get('eth0')?.kind, null);
  assert.deepEqual([links.get('a@b')?.kind, links.get('a@b')?.link, links.get('a@b')?.up], ['macvlan', 'eth0', false]);
  assert.equal(links.get('other')?.kind, 'virtual');
});

test('addresses are read with what became of them', () => {
  assert.deepEqual(
    links.get('eth0')?.addresses.map(({ words, ...address }) => address),
    [
      {
        family: 'inet',
        local: '10.0.2.15',
        prefixlen: 24,
        scope: 'global',
        dynamic: true,
        temporary: false,
        dadfailed: false,
        tentative: false,
      },
      {
        family: 'inet',
        local: '10.9.0.1',
        prefixlen: 32,
        scope: 'global',
        dynamic: false,
        temporary: false,
        dadfailed: false,
        tentative: false,
      },
      {
        family: 'inet6',
        local: 'fe80::1',
        prefixlen: 64,
        scope: 'link',
        dynamic: false,
        temporary: false,
        dadfailed: true,
        tentative: true,
      },
    ],
  );
});

test('an alias with words of sysfs in it stays an alias', () => {
  const forged = ADDR_SHOW.replace('ifalias netwire:1 firewall=iptables', 'ifalias sysfs lo ifindex 9');
  assert.equal(linkFacts(linkDocuments(forged))[2]?.alias, 'sysfs lo ifindex 9');
});

test('nothing is no links', () => {
  assert.deepEqual(linkDocuments(''), []);
  assert.deepEqual(linkDocuments(ADDR_SHOW.slice(0, ADDR_SHOW.indexOf('sysfs '))), []);
});

test('default routes of both families, with the words that make them again', () => {
  const routes = defaultRouteFacts(
    defaultRouteDocuments(`default via 192.168.1.254 dev eth1 
default via 7.7.7.7 dev eth1  src 192.168.1.1  metric 3 onlink 
default dev eth1 scope link  metric 50 
unreachable default  metric 79 
192.168.1.0/24 dev eth1 scope link  src 192.168.1.1 
inet6
fd00::/64 dev eth1  metric 256 
unreachable default dev lo  metric 79  error -113
default via fd00::ff dev eth1  metric 1024 
default via fe80::1 dev eth1  metric 1024  expires 1798sec
multicast ff00::/8 dev eth1  metric 256 
`),
  );
  assert.deepEqual(
    routes.map(({ family, words, metric, unwritable }) => [family, words.join(' '), metric, unwritable.join()]),
    [
      ['inet', 'default via 192.168.1.254 dev eth1', 0, ''],
      ['inet', 'default via 7.7.7.7 dev eth1 onlink src 192.168.1.1', 3, ''],
      ['inet', '0.0.0.0/0 dev eth1 scope link', 50, ''],
      ['inet', 'unreachable 0.0.0.0/0', 79, ''],
      ['inet6', 'unreachable ::/0 dev lo', 79, 'error'],
      ['inet6', 'default via fd00::ff dev eth1', 1024, ''],
      ['inet6', 'default via fe80::1 dev eth1', 1024, 'expires'],
    ],
  );
});

test('a route of which busybox shows no next hop cannot be given back', () => {
  const [route] = defaultRouteFacts(defaultRouteDocuments('default  metric 77 \ninet6\n'));
  assert.deepEqual(route?.unwritable, ['several next hops']);
});
