// Three routers in a ring, from a script: the module netwire makes the links and the routes, zx does the rest. Each has
// an address on its loopback, and to those of the others a way by either neighbour; when a link goes, packets take the
// long way round.
//
//     r1 10.255.0.1 --- net12 --- r2 10.255.0.2
//          |                           |
//          +--- net13 --- r3 --- net23 +
//                     10.255.0.3
//
// Needs root, iproute2, ping; in a project of yours `npm install netwire zx`. Run it:
//     sudo node examples/three-routers.mjs
// The routers are network namespaces; names of running containers do as well. Nothing of it is left at the end.
import { attach, detach, show } from 'netwire';
import { $ } from 'zx';

const routers = [1, 2, 3];
const made = [];
// Ctrl-C undoes what is being done, and the rest is taken back below.
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

/** The link of a router to its neighbour: the neighbour's own address by it, and what is behind the neighbour. */
async function wire(router, neighbour) {
  const net = [router, neighbour].sort().join('');
  const via = `10.${net}.0.${neighbour}`;
  const { ifname, parent, route } = await attach(
    {
      parent: `bridge:net${net}`,
      container: `r${router}`,
      ifname: `to-r${neighbour}`,
      addresses: `10.${net}.0.${router}/24`,
      routes: [`10.255.0.${neighbour}@${via}`, `10.255.0.0/24@${via}`],
      // Both neighbours know a way to all of them: the first one's comes first.
      metric: neighbour,
    },
    { signal: stop.signal, onWarning: console.error },
  );
  console.log(`r${router} ${ifname}: on ${parent}, routes ${route.join(' ')}`);
}

/** The stations on the way from one loopback to another, counted by what is left of a packet's time to live. */
async function hops(from, to) {
  const { stdout } = await $`ip netns exec r${from} ping -c 1 -W 2 -t 64 -I 10.255.0.${from} 10.255.0.${to}`;
  const hops = 65 - Number(/ttl=(\d+)/.exec(stdout)?.[1]);
  console.log(`r${from} reaches r${to} in ${hops} hop${hops === 1 ? '' : 's'}`);
}

try {
  for (const router of routers) {
    await $`ip netns add r${router}`;
    made.push(`r${router}`);
    await $`ip -n r${router} addr add 10.255.0.${router}/32 dev lo`;
    await $`ip -n r${router} link set lo up`;
    await $`ip netns exec r${router} sysctl -qw net.ipv4.ip_forward=1`;
  }
  for (const router of routers)
    for (const neighbour of routers) if (router !== neighbour) await wire(router, neighbour);
  await hops(1, 3);
  console.log('the link between r1 and r3 goes');
  await detach({ container: 'r1', ifname: 'to-r3' });
  await detach({ container: 'r3', ifname: 'to-r1' });
  await hops(1, 3);
  console.log(`${(await show({ parent: 'net12' })).length} interfaces on net12`);
} finally {
  for (const container of made) {
    await detach({ container, all: true });
    await $`ip netns del ${container}`;
  }
}
