import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StateError } from '../../src/errors.ts';
import type { AddFacts } from '../../src/facts.ts';
import { planJson, planLines } from '../../src/plan/print.ts';
import { addFacts, containerFacts, defaultRoute, FIREWALL, link, OUR_BRIDGE, PLACES } from '../model/facts.ts';
import { planOf } from '../model/plan.ts';

const plan = planOf;
const lines = (line: string, facts?: AddFacts) => planLines(plan(line, facts), PLACES);
const INSIDE = 'nsenter --net=/proc/4711/ns/net';

test('a bridge is made, then the pair, and the address is announced last', () => {
  assert.deepEqual(lines('br1 c1 192.168.1.1/24'), [
    'ip link add name br1 address 02:00:00:00:00:02 group 1852142711 type bridge',
    'sysctl -w net/ipv6/conf/br1/accept_ra=0',
    'ip link set dev br1 alias netwire:1 group default up',
    'ip link add name veth1pl4711 address fe:00:00:00:00:03 mtu 1500 type veth peer name eth1 address 02:00:00:00:00:01 mtu 1500 group 1852142711 netns /proc/4711/ns/net',
    "ip link set dev veth1pl4711 alias 'netwire:1 netns=4026532281 docker:c1' master br1 addrgenmode none up",
    `${INSIDE} sysctl -w net/ipv4/conf/eth1/arp_notify=1`,
    `${INSIDE} ip link set dev eth1 alias netwire:1`,
    `${INSIDE} ip link set dev eth1 up`,
    `${INSIDE} ip addr add 192.168.1.1/24 broadcast + dev eth1`,
    `${INSIDE} ip link set dev eth1 address 02:00:00:00:00:01 group default`,
  ]);
});

test('an existing bridge gives its MTU, and is left as it is', () => {
  const parent = link('br1', { kind: 'bridge', mtu: 9000 });
  assert.deepEqual(lines('br1 c1 0/0', addFacts({ parent })).slice(0, 1), [
    'ip link add name veth1pl4711 address fe:00:00:00:00:03 mtu 9000 type veth peer name eth1 address 02:00:00:00:00:01 mtu 9000 group 1852142711 netns /proc/4711/ns/net',
  ]);
});

test("--mtu above the bridge's is done, with a warning", () => {
  const { steps, warnings } = plan('br1 c1 0/0 --mtu 9000', addFacts({ parent: OUR_BRIDGE }));
  assert.equal(steps[0]?.command[8], '9000');
  assert.deepEqual(warnings, ['br1: frames above its MTU of 1500 are dropped; the port has 9000']);
});

test('an IPv6 address switches IPv6 on for its link and waits for no duplicate detection', () => {
  const made = lines('br1 c1 fd00::1/64', addFacts({ parent: OUR_BRIDGE }));
  assert.deepEqual(made.slice(2, 4), [
    `${INSIDE} sysctl -w net/ipv6/conf/eth1/disable_ipv6=0`,
    `${INSIDE} sysctl -w net/ipv6/conf/eth1/ndisc_notify=1`,
  ]);
  assert(made.includes(`${INSIDE} ip addr add fd00::1/64 nodad dev eth1`));
});

test('a gateway demotes every default route of its family, the last first, and leaves the other family alone', () => {
  const container = containerFacts({
    defaultRoutes: [
      defaultRoute('172.17.0.1', 'eth0', 0),
      defaultRoute('172.18.0.1', 'eth3', 1_000_000),
      defaultRoute('fd01::1', 'eth0', 1024),
    ],
  });
  const made = lines('br1 c1 10.0.0.1/24@10.0.0.254', addFacts({ parent: OUR_BRIDGE, container }));
  assert.deepEqual(
    made.filter((line) => line.includes(' route ')),
    [
      `${INSIDE} ip route add default via 172.18.0.1 dev eth3 metric 2000000`,
      `${INSIDE} ip route del default via 172.18.0.1 dev eth3 metric 1000000`,
      `${INSIDE} ip route add default via 172.17.0.1 dev eth0 metric 1000000`,
      `${INSIDE} ip route del default via 172.17.0.1 dev eth0 metric 0`,
      `${INSIDE} ip route add default via 10.0.0.254 dev eth1`,
    ],
  );
});

test('a gateway outside the prefix gets a host route first', () => {
  const routes = (line: string) =>
    lines(line, addFacts({ parent: OUR_BRIDGE })).filter((one) => one.includes(' route '));
  assert.deepEqual(routes('br1 c1 10.0.0.1/32@10.9.9.9'), [
    `${INSIDE} ip route add 10.9.9.9/32 dev eth1`,
    `${INSIDE} ip route add default via 10.9.9.9 dev eth1`,
  ]);
  assert.deepEqual(routes('br1 c1 fd00::1/128@fd00::9')[0], `${INSIDE} ip route add fd00::9/128 dev eth1`);
});

test('a default route that could not be given back is not touched', () => {
  const route = { ...defaultRoute('172.17.0.1', 'eth0', 0), unwritable: ['expires'] };
  const container = containerFacts({ defaultRoutes: [route] });
  assert.throws(
    () => plan('br1 c1 10.0.0.1/24@10.0.0.254', addFacts({ container })),
    /has expires, which could not be given back/,
  );
});

test('where the firewall drops bridged frames, a bridge of ours gets an accept rule and remembers it', () => {
  const made = lines('br1 c1 0/0', addFacts({ firewall: [FIREWALL] }));
  assert.equal(made[2], "ip link set dev br1 alias 'netwire:1 firewall=iptables' group default up");
  assert.equal(made[3], 'iptables -w -I DOCKER-USER -i br1 -o br1 -m comment --comment netwire -j ACCEPT');
});

test('a bridge of ours that was made before Docker came gets its rule later', () => {
  const made = lines('br1 c1 0/0', addFacts({ parent: OUR_BRIDGE, firewall: [{ ...FIREWALL, chain: 'FORWARD' }] }));
  assert.deepEqual(made.slice(0, 2), [
    "ip link set dev br1 alias 'netwire:1 firewall=iptables'",
    'iptables -w -I FORWARD -i br1 -o br1 -m comment --comment netwire -j ACCEPT',
  ]);
});

test('--no-firewall leaves the rule out', () => {
  assert(
    !lines('br1 c1 0/0 --no-firewall', addFacts({ firewall: [FIREWALL] })).some((line) => line.startsWith('iptables')),
  );
});

test("somebody else's bridge gets no rule, but a warning that names it", () => {
  const { steps, warnings } = plan(
    'br1 c1 0/0',
    addFacts({ parent: link('br1', { kind: 'bridge' }), firewall: [FIREWALL] }),
  );
  assert(!steps.some(({ command }) => command[0] === 'iptables'));
  assert.match(warnings[0] ?? '', /try: iptables -I DOCKER-USER -i br1 -o br1 -j ACCEPT$/);
});

test('a bridge that Docker lets forward needs no warning', () => {
  const rules = [...FIREWALL.rules, '-A FORWARD -i br1 ! -o br1 -j ACCEPT', '-A FORWARD -i br1 -o br1 -j ACCEPT'];
  const facts = addFacts({ parent: link('br1', { kind: 'bridge' }), firewall: [{ ...FIREWALL, rules }] });
  assert.deepEqual(plan('br1 c1 0/0', facts).warnings, []);
  const out = [...FIREWALL.rules, '-A FORWARD -i br1 ! -o br1 -j ACCEPT'];
  assert.equal(plan('br1 c1 0/0', { ...facts, firewall: [{ ...FIREWALL, rules: out }] }).warnings.length, 1);
});

test('a firewall that cannot be read is told of', () => {
  const facts = addFacts({ firewall: [{ ...FIREWALL, drops: false, rules: [], unreadable: 'Permission denied' }] });
  assert.match(plan('br1 c1 0/0', facts).warnings[0] ?? '', /not known \(iptables: Permission denied\)/);
});

test('a bridge that is down is set up when it is ours, and told of when it is not', () => {
  const down = { kind: 'bridge', up: false };
  assert.equal(
    lines('br1 c1 0/0', addFacts({ parent: link('br1', { ...down, alias: 'netwire:1' }) }))[0],
    'ip link set dev br1 up',
  );
  const foreign = plan('br1 c1 0/0', addFacts({ parent: link('br1', down) }));
  assert.match(foreign.warnings[0] ?? '', /the bridge is down/);
  assert(!foreign.steps.some((step) => step.onceForwarding !== undefined));
});

test("a host end's name that does not fit is a short one, the same each time", () => {
  const name = (line: string) => plan(line).steps[3]?.command[4];
  assert.equal(name('br1 c1 0/0 -i ethernet0'), name('br1 c1 0/0 -i ethernet0'));
  assert.match(String(name('br1 c1 0/0 -i ethernet0')), /^nw[\da-f]{12}$/);
  assert.notEqual(name('br1 c1 0/0 -i ethernet0'), name('br1 c1 0/0 -i ethernet1'));
});

test('a parent that is not what its word says is refused', () => {
  const refuse = (line: string, parent: AddFacts['parent'], why: RegExp) =>
    assert.throws(
      () => plan(line, addFacts({ parent })),
      (error) => error instanceof StateError && why.test(error.message),
    );
  refuse('bridge:eth0 c1 0/0', link('eth0'), /not a bridge, but a NIC/);
  refuse('bridge:veth9 c1 0/0', link('veth9', { kind: 'veth' }), /of kind veth/);
  refuse('lan c1 0/0', null, /no such link/);
  refuse('macvlan:eth0 c1 0/0', null, /no such link/);
  refuse('mac:02:00:00:00:00:01 c1 0/0', null, /mac:02:00:00:00:00:01: no such link/);
  assert.equal(
    lines('bridge:lan c1 0/0')[0],
    'ip link add name lan address 02:00:00:00:00:02 group 1852142711 type bridge',
  );
});

test('a name that is taken, inside or outside, is refused', () => {
  const inside = addFacts({
    container: containerFacts({ link: link('eth1', { kind: 'veth' }), defaultRoutes: [] }),
  });
  assert.throws(
    () => plan('br1 c1 0/0', inside),
    /eth1: docker:c1 has an interface of that name, which netwire did not make/,
  );
  assert.throws(
    () => plan('br1 c1 0/0 -l x', addFacts({ hostIfnameTaken: true })),
    /x: the host has a link of that name/,
  );
});

const OURS = addFacts({
  parent: OUR_BRIDGE,
  container: containerFacts({
    link: link('eth1', {
      ifindex: 2,
      kind: 'veth',
      linkIndex: 9,
      alias: 'netwire:1 gateway=inet',
      addresses: [
        {
          family: 'inet',
          local: '10.0.0.1',
          prefixlen: 24,
          scope: 'global',
          dynamic: false,
          temporary: false,
          dadfailed: false,
          tentative: false,
          words: [],
        },
        {
          family: 'inet6',
          local: 'fd00::1',
          prefixlen: 64,
          scope: 'global',
          dynamic: false,
          temporary: false,
          dadfailed: false,
          tentative: false,
          words: [],
        },
        {
          family: 'inet6',
          local: 'fd00::abcd',
          prefixlen: 64,
          scope: 'global',
          dynamic: true,
          temporary: false,
          dadfailed: false,
          tentative: false,
          words: [],
        },
        {
          family: 'inet6',
          local: 'fe80::1',
          prefixlen: 64,
          scope: 'link',
          dynamic: false,
          temporary: false,
          dadfailed: false,
          tentative: false,
          words: [],
        },
      ],
    }),
    defaultRoutes: [defaultRoute('10.0.0.254', 'eth1', 0)],
  }),
  hostSide: {
    end: link('veth1pl4711', {
      ifindex: 9,
      kind: 'veth',
      linkIndex: 2,
      master: 'br1',
      alias: 'netwire:1 netns=4026532281 docker:c1',
    }),
    parent: OUR_BRIDGE,
    port: null,
    switchPort: null,
    peer: null,
  },
});

test('the same again is nothing, whatever the order and the spelling', () => {
  for (const line of [
    'br1 c1 10.0.0.1/24@10.0.0.254,fd00::1/64',
    'br1 c1 FD00:0::1/64,10.0.0.1/24@10.0.0.254',
    'bridge:br1 c1 10.0.0.1/24@10.0.0.254,fd00::1/64 02:00:00:00:00:07 --mtu 1500',
  ])
    assert.deepEqual(plan(line, OURS).steps, [], line);
});

test('something else under the same name is refused, with each difference named', () => {
  assert.throws(
    () =>
      plan('br2 c1 10.0.0.2/24,fd00::1/64 02:00:00:00:00:08 --mtu 1400 -l other', {
        ...OURS,
        parent: link('br2', { kind: 'bridge' }),
      }),
    (error) => {
      assert(error instanceof StateError);
      assert.equal(
        error.message,
        'eth1: docker:c1 has it already, but its parent is br1, not br2; its MAC is 02:00:00:00:00:07, not 02:00:00:00:00:08; ' +
          'its MTU is 1500, not 1400; its host end is veth1pl4711, not other; it has no address 10.0.0.2/24; ' +
          'it has the address 10.0.0.1/24; it has a default route by 10.0.0.254',
      );
      return true;
    },
  );
});

test("a mark on the container's link alone does not make it ours", () => {
  const forged = addFacts({
    container: containerFacts({ link: link('eth1', { kind: 'veth', alias: 'netwire:1' }), defaultRoutes: [] }),
  });
  assert.throws(() => plan('br1 c1 0/0', forged), /did not make/);
});

test('the plan as JSON has namespace, words and inverse of each step', () => {
  const { steps } = planJson(plan('br1 c1 0/0', addFacts({ parent: OUR_BRIDGE })), PLACES);
  assert.deepEqual(steps[0]?.undo, ['ip', 'link', 'del', 'dev', 'veth1pl4711']);
  assert.deepEqual(steps.at(-1), {
    netns: 'docker:c1',
    command: ['ip', 'link', 'set', 'dev', 'eth1', 'address', '02:00:00:00:00:01', 'group', 'default'],
    undo: null,
  });
});
