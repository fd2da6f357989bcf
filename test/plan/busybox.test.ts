import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StateError } from '../../src/errors.ts';
import type { AddFacts } from '../../src/facts.ts';
import { inBusyboxWords } from '../../src/plan/busybox.ts';
import { planJson, planLines } from '../../src/plan/print.ts';
import { inContainer, onHost } from '../../src/plan/step.ts';
import { addFacts, containerFacts, defaultRoute, FIREWALL, link, OUR_BRIDGE, PLACES } from '../model/facts.ts';
import { planOf } from '../model/plan.ts';

const plan = (line: string, facts?: AddFacts) => inBusyboxWords(planOf(line, facts));
const lines = (line: string, facts?: AddFacts) => planLines(plan(line, facts), PLACES);
const INSIDE = 'nsenter --net=/proc/4711/ns/net';
const ALIAS = `unshare -m sh -c 'mount -t sysfs sysfs /sys && printf "%s\\n" "$1" >/sys/class/net/"$0"/ifalias'`;
const only = (command: string[], undo: string[] | null = null) => ({ steps: [onHost(command, undo)], cleanup: [] });

test('a bridge goes by brctl, the pair is made inside and its other end moved out', () => {
  assert.deepEqual(lines('br1 c1 192.168.1.1/24'), [
    'brctl addbr br1',
    'ip link set dev br1 address 02:00:00:00:00:02',
    'sysctl -w net/ipv6/conf/br1/accept_ra=0',
    `${ALIAS} br1 netwire:1`,
    'ip link set dev br1 up',
    `${INSIDE} ip link add name eth1 address 02:00:00:00:00:01 type veth`,
    `${INSIDE} ip link set dev eth1 mtu 1500`,
    `${INSIDE} sh -c 'peer=$(ip link show dev "$0") && peer=\${peer%%: <*} && pid=\${2#/proc/} && ip link set dev "\${peer##*@}" name "$1" netns "\${pid%%/*}"' eth1 veth1pl4711 /proc/1/ns/net`,
    'ip link set dev veth1pl4711 address fe:00:00:00:00:03 mtu 1500',
    `${ALIAS} veth1pl4711 'netwire:1 netns=4026532281 docker:c1'`,
    'brctl addif br1 veth1pl4711',
    'ip link set dev veth1pl4711 up',
    `${INSIDE} sysctl -w net/ipv4/conf/eth1/arp_notify=1`,
    `${INSIDE} ${ALIAS} eth1 netwire:1`,
    `${INSIDE} ip link set dev eth1 up`,
    `${INSIDE} ip addr add 192.168.1.1/24 broadcast + dev eth1`,
    `${INSIDE} ip link set dev eth1 address 02:00:00:00:00:01`,
  ]);
});

test('nodad, which busybox does not know, is a setting of the link', () => {
  const made = lines('br1 c1 fd00::1/64', addFacts({ parent: OUR_BRIDGE }));
  const at = made.indexOf(`${INSIDE} ip addr add fd00::1/64 dev eth1`);
  assert.equal(made[at - 1], `${INSIDE} sysctl -w net/ipv6/conf/eth1/accept_dad=0`);
});

test('each step keeps its inverse, and the last one its wait', () => {
  const { steps } = plan('br1 c1 10.0.0.1/24,fd00::1/64');
  const undone = steps.flatMap(({ netns, undo }) => (undo ? [[netns, ...undo].join(' ')] : []));
  assert.deepEqual(undone, [
    'host ip link del dev br1',
    'container ip link del dev eth1',
    'container ip addr del 10.0.0.1/24 dev eth1',
    'container ip addr del fd00::1/64 dev eth1',
  ]);
  assert.deepEqual(
    steps.flatMap(({ onceForwarding }, i) => (onceForwarding ? [[onceForwarding.port, i]] : [])),
    [['veth1pl4711', steps.length - 1]],
  );
  assert.equal(planJson({ steps, cleanup: [] }, PLACES).steps.length, steps.length);
});

test('an inverse is said in busybox’s words as well', () => {
  const set = ['ip', 'link', 'set', 'dev', 'br1', 'alias'];
  const [step] = inBusyboxWords(only([...set, 'netwire:1'], [...set, 'as it was'])).steps;
  assert.deepEqual(step?.undo?.slice(0, 4), ['unshare', '-m', 'sh', '-c']);
  assert.deepEqual(step?.undo?.slice(5), ['br1', 'as it was']);
});

test('firewall, routes and deletions are the same words', () => {
  const facts = addFacts({
    firewall: [FIREWALL],
    container: containerFacts({ defaultRoutes: [defaultRoute('172.17.0.1', 'eth0', 0)] }),
  });
  const same = (line: string) => / route |^iptables/.test(line);
  const words = 'br1 c1 10.0.0.1/32@203.0.113.1';
  assert.deepEqual(lines(words, facts).filter(same), planLines(planOf(words, facts), PLACES).filter(same));
  const del = {
    steps: [inContainer(['ip', 'link', 'del', 'dev', 'eth1'])],
    cleanup: [onHost(['ip', 'link', 'del', 'dev', 'br1'])],
  };
  assert.deepEqual(inBusyboxWords(del), del);
});

test('an empty plan stays empty, and what is not a plan’s alone stays with it', () => {
  assert.deepEqual(inBusyboxWords({ steps: [], cleanup: [], warnings: ['one'] }), {
    steps: [],
    cleanup: [],
    warnings: ['one'],
  });
});

test('what busybox has no words for is refused, with what it is', () => {
  const refused = (what: string, run: () => unknown) =>
    assert.throws(run, (error) => {
      assert(error instanceof StateError);
      assert.equal(error.code, 'busybox');
      assert.equal(error.hint, 'install iproute2');
      assert.equal(
        error.message.slice(0, error.message.indexOf(', which cannot')),
        `${what}: this machine's ip is busybox's`,
      );
      return true;
    });
  const parent = link('eth0');
  refused('macvlan', () => plan('eth0 c1 10.0.0.1/24', addFacts({ parent })));
  refused('ipvlan', () => plan('ipvlan:eth0 c1 10.0.0.1/24', addFacts({ parent })));
  refused('vlan', () => plan('eth0 c1 10.0.0.1/24 @5', addFacts({ parent })));
  refused('dummy', () => plan('dummy0 c1 10.0.0.1/24'));
  refused('VLANs of a bridge port', () => plan('br1 c1 10.0.0.1/24 @5'));
  refused('VLANs of a bridge port', () => plan('br1 c1 10.0.0.1/24 --trunk 5', addFacts({ parent: OUR_BRIDGE })));
  refused('ip link set netns', () => inBusyboxWords(only(['ip', 'link', 'set', 'dev', 'eth0', 'netns', '7'])));
  refused('ip rule add from 10.0.0.1', () => inBusyboxWords(only(['ip', 'rule', 'add', 'from', '10.0.0.1'])));
  // A cable between two containers: there is no process of the other one's to move an end to.
  const cable = ['ip', 'link', 'add', 'name', 'eth1', 'type', 'veth', 'peer', 'name', 'eth1', 'netns'];
  refused('veth', () => inBusyboxWords({ steps: [inContainer([...cable, '/proc/1/ns/net'])], cleanup: [] }));
});
