import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StateError, UsageError } from '../../src/errors.ts';
import type { AddFacts } from '../../src/facts.ts';
import { planDel } from '../../src/plan/del.ts';
import { planLines } from '../../src/plan/print.ts';
import { addFacts, delFacts, link, OUR_BRIDGE, PLACES } from '../model/facts.ts';
import { planOf } from '../model/plan.ts';

const lines = (line: string, facts?: AddFacts) => planLines(planOf(line, facts), PLACES);
const NIC = addFacts({ parent: link('eth0') });
const INSIDE = 'nsenter --net=/proc/4711/ns/net';

test('a NIC gets a macvlan child, born in the container', () => {
  assert.deepEqual(lines('eth0 c1 10.0.0.1/24', NIC), [
    'ip link add link eth0 name eth1 group 1852142711 address 02:00:00:00:00:01 mtu 1500 netns /proc/4711/ns/net type macvlan mode bridge',
    `${INSIDE} sysctl -w net/ipv4/conf/eth1/arp_notify=1`,
    `${INSIDE} ip link set dev eth1 alias netwire:1`,
    `${INSIDE} ip link set dev eth1 up`,
    `${INSIDE} ip addr add 10.0.0.1/24 broadcast + dev eth1`,
    `${INSIDE} ip link set dev eth1 address 02:00:00:00:00:01 group default`,
  ]);
});

test('the undo of a child runs in the container, though the child is made on the host', () => {
  const [step] = planOf('eth0 c1 0/0', NIC).steps;
  assert.deepEqual(
    [step?.netns, step?.undoNetns, step?.undo],
    ['host', 'container', ['ip', 'link', 'del', 'dev', 'eth1']],
  );
});

test('Wi-Fi goes by its wireless device, and comes back by it', () => {
  const wlan = link('wlan0', { up: false });
  const moved = {
    link: wlan,
    routes: [],
    neighbours: [],
    children: [],
    sysctls: [],
    switchBridge: null,
    wiphy: { name: 'phy0', hostPid: 1 },
    pci: null,
  };
  const plan = planOf('phys:wlan0 c1 0/0', addFacts({ parent: wlan, moved }));
  assert.deepEqual(planLines(plan, PLACES).slice(0, 3), [
    "ip link set dev wlan0 alias 'netwire:1 home=wlan0 mac=02:00:00:00:00:07 mtu=1500 phy=phy0' group 1852142711",
    'iw phy phy0 set netns 4711',
    `${INSIDE} ip link set dev wlan0 name eth1`,
  ]);
  const move = plan.steps[1];
  assert.deepEqual([move?.undoNetns, move?.undo], ['container', ['iw', 'phy', 'phy0', 'set', 'netns', '1']]);
  const away = link('eth1', { alias: 'netwire:1 home=wlan0 mac=02:00:00:00:00:07 mtu=1500 phy=phy0' });
  assert.deepEqual(planLines(planDel(delFacts(away), []), PLACES), [
    `${INSIDE} ip link set dev eth1 down`,
    `${INSIDE} ip link set dev eth1 name wlan0`,
    `${INSIDE} iw phy phy0 set netns 1`,
    "ip link set dev wlan0 alias '' group default",
  ]);
});

test('Wi-Fi cannot go where no process lives', () => {
  const wlan = link('wlan0');
  const moved = {
    link: wlan,
    routes: [],
    neighbours: [],
    children: [],
    sysctls: [],
    switchBridge: null,
    wiphy: { name: 'phy0', hostPid: 1 },
    pci: null,
  };
  const target = { canonical: 'netns:blue', pid: null, netns: 1, id: null, path: '/run/netns/blue' };
  assert.throws(() => planOf('phys:wlan0 netns:blue 0/0', addFacts({ parent: wlan, moved, target })), /Wi-Fi/);
});

test('a VLAN link is made when missing, with a short name where NIC.VID is too long', () => {
  assert.deepEqual(lines('eth0 c1 0/0 @20', NIC).slice(0, 3), [
    'ip link add link eth0 name eth0.20 group 1852142711 type vlan id 20',
    'ip link set dev eth0.20 alias netwire:1 group default up',
    'ip link add link eth0.20 name eth1 group 1852142711 address 02:00:00:00:00:01 mtu 1500 netns /proc/4711/ns/net type macvlan mode bridge',
  ]);
  const long = addFacts({ parent: link('enx0242ac110002') });
  assert.match(
    lines('enx0242ac110002 c1 0/0 @20', long)[0] ?? '',
    / name nwv[\da-f]{12} group 1852142711 type vlan id 20$/,
  );
});

test('ipvlan has modes and isolations of its own, and its addresses before it is up', () => {
  const made = lines('ipvlan:eth0 c1 10.0.0.1/24 --mode l3s --isolation vepa', NIC);
  assert.equal(
    made[0],
    'ip link add link eth0 name eth1 group 1852142711 mtu 1500 netns /proc/4711/ns/net type ipvlan mode l3s vepa',
  );
  assert(made.findIndex((line) => line.includes(' addr add ')) < made.findIndex((line) => line.endsWith(' eth1 up')));
});

test('an access port loses the default VLAN before it is up; a tagged one passes no untagged frames', () => {
  const bridge = addFacts({ parent: { ...OUR_BRIDGE, infoData: { vlan_filtering: 1, vlan_default_pvid: 1 } } });
  const port = (words: string) =>
    lines(`br1 c1 0/0 ${words}`, bridge).filter((line) => /bridge vlan|l4711 up/.test(line));
  assert.deepEqual(port('@10'), [
    'bridge vlan del dev veth1pl4711 vid 1',
    'bridge vlan add dev veth1pl4711 vid 10 pvid untagged',
    'ip link set dev veth1pl4711 up',
  ]);
  assert.deepEqual(port('--trunk 20,30-39'), [
    'bridge vlan del dev veth1pl4711 vid 1',
    'bridge vlan add dev veth1pl4711 vid 20',
    'bridge vlan add dev veth1pl4711 vid 30-39',
    'ip link set dev veth1pl4711 up',
  ]);
});

test("a new bridge filters from the start, one of ours is switched over, somebody else's is not", () => {
  assert.match(lines('br1 c1 0/0 @10')[0] ?? '', /type bridge vlan_filtering 1$/);
  assert.equal(
    lines('br1 c1 0/0 @10', addFacts({ parent: OUR_BRIDGE }))[0],
    'ip link set dev br1 type bridge vlan_filtering 1',
  );
  const foreign = addFacts({ parent: link('br1', { kind: 'bridge' }) });
  assert.throws(
    () => planOf('br1 c1 0/0 @10', foreign),
    (error) => error instanceof StateError && error.hint === '--vlan-filtering',
  );
  assert.equal(
    lines('br1 c1 0/0 @10 --vlan-filtering', foreign)[0],
    'ip link set dev br1 type bridge vlan_filtering 1',
  );
});

test('words that a kind does not take are refused', () => {
  for (const line of [
    'eth0 c1 0/0 --trunk 20',
    'eth0 c1 0/0 --mode l2',
    'ipvlan:eth0 c1 0/0 --mode vepa',
    'ipvlan:eth0 c1 0/0 02:00:00:00:00:09',
    'eth0 c1 0/0 -l x',
    'eth0 c1 0/0 @4095',
    'eth0 c1 0/0 --isolation private',
  ])
    assert.throws(() => planOf(line, NIC), UsageError, line);
  assert.throws(() => planOf('dummy0 c1 0/0 @10'), UsageError);
  assert.throws(() => planOf('br1 c1 0/0 --trunk 20,,30'), UsageError);
});
