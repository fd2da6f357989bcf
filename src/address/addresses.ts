/** Addresses on a link inside the container, and the sysctls they want. */
import { type Place, type Step, stepIn } from '../plan/step.ts';
import type { AddRequest, AddressRequest } from '../request.ts';

/** What is taken from routers' advertisements: routes alone, or addresses too. */
export type Advertised = 'routes' | 'addresses' | null;

/** DHCPv6 gives addresses, and leaves routes to the routers (RFC 8415, section 4). */
export function advertisedTo({ autoconf, dhcp }: Pick<AddRequest, 'autoconf' | 'dhcp'>): Advertised {
  if (autoconf) return 'addresses';
  return dhcp.some(({ family }) => family === 'inet6') ? 'routes' : null;
}

/** Does a request ask for IPv6 addresses? */
export function wantsIpv6(request: Pick<AddRequest, 'addresses' | 'autoconf' | 'dhcp'>): boolean {
  return advertisedTo(request) !== null || request.addresses.some(({ family }) => family === 'inet6');
}

/**
 * Settings of the link that must stand before it is up.
 *
 * arp_notify and ndisc_notify make the kernel announce the addresses by itself
 * (Documentation/networking/ip-sysctl.rst). Docker switches IPv6 off in a container that has none;
 * it is switched on for this link alone when an IPv6 address is asked for. The settings go with the
 * link, so there is nothing to take back.
 *
 * @param silent nothing shall be announced
 * @param heard what of routers' advertisements is to be heard, in a container that forwards too; null: as it is
 */
export function sysctlSteps(
  place: Place,
  ifname: string,
  addresses: readonly AddressRequest[],
  silent: boolean,
  heard: Advertised,
): Step[] {
  const set = (key: string, value: number) => stepIn(place, ['sysctl', '-w', `net/${key}=${value}`]);
  const steps: Step[] = [];
  if (!silent && addresses.some(({ family }) => family === 'inet'))
    steps.push(set(`ipv4/conf/${ifname}/arp_notify`, 1));
  if (heard !== null || addresses.some(({ family }) => family === 'inet6')) {
    steps.push(set(`ipv6/conf/${ifname}/disable_ipv6`, 0));
    // 2: also where the container forwards.
    if (heard !== null)
      steps.push(
        set(`ipv6/conf/${ifname}/accept_ra`, 2),
        set(`ipv6/conf/${ifname}/autoconf`, heard === 'addresses' ? 1 : 0),
      );
    if (!silent) steps.push(set(`ipv6/conf/${ifname}/ndisc_notify`, 1));
  }
  return steps;
}

/** One step an address. IPv6 addresses are usable at once, without duplicate address detection, unless it is asked for. */
export function addressSteps(place: Place, ifname: string, addresses: readonly AddressRequest[]): Step[] {
  return addresses.map(({ family, local, prefixlen, dad = false }) => {
    const prefix = `${local}/${prefixlen}`;
    const flags = family === 'inet6' ? (dad ? [] : ['nodad']) : prefixlen <= 30 ? ['broadcast', '+'] : [];
    return stepIn(
      place,
      ['ip', 'addr', 'add', prefix, ...flags, 'dev', ifname],
      ['ip', 'addr', 'del', prefix, 'dev', ifname],
    );
  });
}
