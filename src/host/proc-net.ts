/**
 * A first look into a container's network without a process: /proc/PID/net (proc(5)), read below a
 * descriptor of /proc/PID, so that it is this process's or fails. Enough where the wanted interface
 * is not there yet; whatever needs more is asked of `ip`.
 */
import { readFileSync } from 'node:fs';
import { hexDigits, Prefix } from '../address/prefix.ts';
import { type ContainerFacts, NO_WAYS } from '../facts.ts';
import type { Family } from '../family.ts';
import type { HeldNetns } from './netns.ts';

/**
 * @param families those a default route is wanted for
 * @param wanted addresses that no other link should have
 * @returns the facts, or null when they cannot be told from here: the interface is there, or a
 *   default route is that would have to be moved, or there is no process to read by
 */
export function glanceAtContainer(
  held: HeldNetns,
  ifname: string,
  families: readonly Family[],
  wanted: readonly string[],
): ContainerFacts | null {
  if (held.processFd === null) return null;
  const read = (file: string) => readFileSync(`/proc/self/fd/${held.processFd}/net/${file}`, 'utf8');
  try {
    if (interfaceNames(read('dev')).includes(ifname)) return null;
    if (families.includes('inet') && hasDefaultRoute(read('route'))) return null;
    if (families.includes('inet6') && hasDefaultRoute6(read('ipv6_route'))) return null;
    if (wanted.some((address) => mayHave(address, read))) return null;
    return { ...NO_WAYS, link: null, elsewhere: new Map() };
  } catch {
    return null;
  }
}

/** The names of the host's links: of the namespace that netwire runs in. */
export function hostIfnames(): string[] {
  return interfaceNames(readFileSync('/proc/self/net/dev', 'utf8'));
}

/** IPv4: a host's own addresses and single hosts it has a route to; IPv6: the first column, in 32 hexadecimal digits. */
function mayHave(address: string, read: (file: string) => string): boolean {
  if (!address.includes(':')) return read('fib_trie').includes(`|-- ${address}\n`);
  return read('if_inet6').includes(hexDigits(Prefix.parse(address)));
}

/** Two lines of heading, then "  name: counters". */
function interfaceNames(dev: string): string[] {
  return dev
    .split('\n')
    .slice(2)
    .map((line) => line.slice(0, line.lastIndexOf(':')).trim())
    .filter((name) => name !== '');
}

/** Columns: Iface Destination Gateway Flags RefCnt Use Metric Mask ... */
function hasDefaultRoute(route: string): boolean {
  return route
    .split('\n')
    .slice(1)
    .some((line) => {
      const columns = line.split('\t');
      return columns[1] === '00000000' && columns[7] === '00000000';
    });
}

/** Columns: destination, its length, source, its length, next hop, metric ...; the last one's is the kernel's own. */
function hasDefaultRoute6(routes: string): boolean {
  return routes.split('\n').some((line) => /^0{32} 00 /.test(line) && line.split(/ +/)[5] !== 'ffffffff');
}
