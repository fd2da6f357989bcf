/** Which of a link's addresses somebody set. */
import type { AddressFacts, LinkFacts } from '../facts.ts';

/** Addresses set by hand, not those the kernel or a router made up. */
export function setAddresses(link: LinkFacts): readonly AddressFacts[] {
  return link.addresses.filter(({ scope, dynamic }) => scope !== 'link' && !dynamic);
}
