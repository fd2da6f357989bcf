/** Asking the network whether somebody has an address already, before it is taken. */
import { type Place, type Step, stepIn } from '../plan/step.ts';
import type { AddressRequest } from '../request.ts';

/**
 * The kernel itself is made to ask (ip-neighbour(8), `use`: it resolves the address now, by ARP from
 * 0.0.0.0, RFC 5227, or by a neighbour solicitation); an answer is a refusal.
 */
export function probeSteps(place: Place, ifname: string, addresses: readonly AddressRequest[]): Step[] {
  const asking = addresses.flatMap(({ local }) => {
    const words = [local, 'dev', ifname];
    const ask = stepIn(place, ['ip', 'neigh', 'replace', ...words, 'use']);
    return [
      { ...ask, unanswered: { address: local, ifname } },
      { ...stepIn(place, ['ip', 'neigh', 'del', ...words]), mayFail: true },
    ];
  });
  if (!addresses.some(({ family }) => family === 'inet')) return asking;
  // Where no address was ever set there is no local table yet, and without one the kernel takes every
  // address for a broadcast address (net/ipv4/fib_frontend.c, __inet_dev_addr_type).
  const first = ['unreachable', '240.0.0.0/32', 'table', '255'];
  const table = stepIn(place, ['ip', 'route', 'add', ...first], ['ip', 'route', 'del', ...first]);
  return [table, ...asking, { ...stepIn(place, ['ip', 'route', 'del', ...first]), mayFail: true }];
}
