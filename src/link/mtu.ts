/** What IPv6 asks of a link. */
import { wantsIpv6 } from '../address/addresses.ts';
import { StateError } from '../errors.ts';
import type { ResolvedAdd } from './kind.ts';
import { IPV6_MIN_MTU } from './limits.ts';

/** @throws StateError when an IPv6 address is asked for on a link with too small an MTU */
export function checkIpv6Mtu(mtu: number, request: ResolvedAdd, name = request.parentName): void {
  if (mtu >= IPV6_MIN_MTU || !wantsIpv6(request)) return;
  throw new StateError('mtu', `${name}: its MTU is ${mtu}, and IPv6 needs ${IPV6_MIN_MTU}`, '--mtu 1280');
}
