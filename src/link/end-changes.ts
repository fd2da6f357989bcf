/** One end of an attachment that is there: what makes it as it is asked for, and nothing else. */
import { type Advertised, sysctlSteps } from '../address/addresses.ts';
import { farFirst } from '../address/clearance.ts';
import { deletionStep, isOnlyBy, isStatic } from '../address/default-route.ts';
import { displacedBy } from '../address/displaced.ts';
import { displacedFamilies } from '../address/own-routes.ts';
import { type Addressed, readdress } from '../address/readdress.ts';
import { type Step, stepIn } from '../plan/step.ts';
import type { PresentEndFacts } from '../present-facts.ts';
import type { AddressRequest, Routing } from '../request.ts';
import { IPV6_MIN_MTU } from './limits.ts';
import { isOurs, leasedFamilies, markedGateways, withWays } from './mark.ts';

type PresentEnd = Omit<Addressed, 'displaced'> & PresentEndFacts;

interface WantedEnd {
  readonly addresses: readonly AddressRequest[];
  readonly routing: Routing;
  /** What is taken from routers' advertisements. */
  readonly heard: Advertised;
  /** Null: as it is. */
  readonly mac: string | null;
  readonly mtu: number | null;
  /** It has a MAC that can be set again, at which the kernel announces its addresses. */
  readonly announces: boolean;
}

/** Keys below /proc/sys that an end may want. */
export function endSysctls(ifname: string): string[] {
  return [
    `net/ipv4/conf/${ifname}/arp_notify`,
    `net/ipv6/conf/${ifname}/disable_ipv6`,
    `net/ipv6/conf/${ifname}/ndisc_notify`,
    `net/ipv6/conf/${ifname}/accept_ra`,
    `net/ipv6/conf/${ifname}/autoconf`,
  ];
}

/** Each step with its inverse; none when the end is as asked. */
export function endChanges(there: PresentEnd, { addresses, routing, heard, mac, mtu, announces }: WantedEnd): Step[] {
  const { place, link } = there;
  const set = (words: string[], back: string[]) => {
    const command = ['ip', 'link', 'set', 'dev', link.ifname];
    return stepIn(place, [...command, ...words], [...command, ...back]);
  };
  const displaced = displacedBy(link, there.defaultRoutes);
  const moved = readdress({ ...there, displaced }, addresses, routing);
  const resized = mtu === null || mtu === link.mtu ? [] : [set(['mtu', String(mtu)], ['mtu', String(link.mtu)])];
  // Too small for IPv6, the kernel takes all of IPv6 off the link (net/ipv6/addrconf.c): not before it is gone.
  const isShrunk = mtu !== null && mtu < link.mtu;
  const steps = [
    ...(isShrunk ? [] : resized),
    ...(mac === null || mac === link.address ? [] : [set(['address', mac], ['address', link.address])]),
    ...sysctlSteps(place, link.ifname, addresses, !announces, heard).flatMap((step) =>
      withInverse(step, there.sysctls),
    ),
    ...(link.up ? [] : [set(['up'], ['down'])]),
    ...moved,
    ...(isShrunk && mtu < IPV6_MIN_MTU ? withoutIpv6(there, moved) : []),
    ...(isShrunk ? resized : []),
  ];
  // For a lease's default route too, which is not asked for.
  const families = leasedFamilies(link.alias);
  const leased = markedGateways(link.alias).filter((one) => families.includes(one));
  const gateways = [...new Set([...leased, ...displacedFamilies(addresses, routing)])];
  const mark = withWays(link.alias, gateways, routing.table);
  if ((isOurs(link.alias) || mark !== withWays(null, [], null)) && mark !== link.alias)
    steps.push(set(['alias', mark], ['alias', link.alias ?? '']));
  const isHeard = announces && addresses.length > 0 && steps.length > 0;
  const again = ['ip', 'link', 'set', 'dev', link.ifname, 'address', mac ?? link.address];
  return isHeard ? [...steps, { ...stepIn(place, again), mayFail: true }] : steps;
}

/** What is left of IPv6's routes by a link that is to be too small for them. */
function withoutIpv6({ place, link, routes }: PresentEnd, done: readonly Step[]): Step[] {
  const gone = new Set(done.map(({ command }) => command.join(' ')));
  return farFirst(routes)
    .filter((route) => route.family === 'inet6' && isOnlyBy(route, link.ifname) && isStatic(route))
    .map((route) => deletionStep(place, route))
    .filter(({ command }) => !gone.has(command.join(' ')));
}

/** A setting that is as wanted needs no step. */
function withInverse(step: Step, now: ReadonlyMap<string, string>): Step[] {
  const [key = '', value] = String(step.command.at(-1)).split('=');
  const old = now.get(key);
  if (old === value) return [];
  return [{ ...step, undo: old === undefined ? null : ['sysctl', '-w', `${key}=${old}`] }];
}
