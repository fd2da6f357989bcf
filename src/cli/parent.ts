/** The PARENT word: `[KIND:]LINK`, LINK being a name, `mac:ADDR` or `pci:BDF`; `veth:CONTAINER` for a cable. */
import { UsageError } from '../errors.ts';
import { checkIfname } from '../link/ifname.ts';
import { LINK_KINDS } from '../link/index.ts';
import type { LinkSelector, ParentRequest } from '../request.ts';
import { parseContainer } from './container.ts';
import { parseMac } from './mac.ts';
import { nearest } from './nearest.ts';

/** The kinds that can be named. */
export const KINDS = LINK_KINDS.filter(({ behind }) => behind !== null);

/** What may stand before an address that says a link. */
export const SELECTORS = ['mac', 'pci'] as const;

/**
 * Parses PARENT.
 *
 * @throws UsageError for an unknown kind or a link that cannot be
 */
export function parseParent(word: string): ParentRequest {
  const kind = KINDS.find((one) => word.startsWith(`${one.word}:`));
  if (kind !== undefined) {
    const rest = word.slice(kind.word.length + 1);
    return { kind: kind.word, link: kind.behind === 'container' ? parsePeer(rest, word) : parseLink(rest, word) };
  }
  return { kind: 'auto', link: parseLink(word, word) };
}

function parsePeer(container: string, word: string): LinkSelector {
  const request = parseContainer(container);
  if (request.runtime === 'host')
    throw new UsageError(
      `parent ${JSON.stringify(word)}: a cable joins two containers`,
      'netwire br1 ..., and an address on br1 for the host',
    );
  return { by: 'container', container: request };
}

function parseLink(link: string, parent: string): LinkSelector {
  const refuse = (why: string, hint?: string) => new UsageError(`parent ${JSON.stringify(parent)}: ${why}`, hint);
  const colon = link.indexOf(':');
  if (colon === -1) return { by: 'name', name: checkIfname(link, 'parent') };
  const word = link.slice(0, colon);
  const address = link.slice(colon + 1);
  const selector = SELECTORS.find((one) => one === word);
  if (selector === 'mac') return { by: 'mac', address: parseMac(address) };
  if (selector === 'pci') return { by: 'pci', address: parsePci(address, refuse) };
  if (/^\d+$/.test(address)) throw refuse('that is a label of an address, not a link', word);
  const kinds = KINDS.map((one) => one.word);
  const near = nearest(word, kinds);
  throw refuse(
    `unknown kind ${JSON.stringify(word)}; the kinds are ${kinds.join(', ')}`,
    near === null ? 'netwire help parents' : `did you mean ${near}:${address}?`,
  );
}

/** Domain, bus, device and function, as lspci(8) prints them; without a domain it is 0000. */
function parsePci(address: string, refuse: (why: string, hint?: string) => UsageError): string {
  const short = /^[\da-f]{2}:[\da-f]{2}\.[0-7]$/i;
  if (short.test(address)) return `0000:${address.toLowerCase()}`;
  if (/^[\da-f]{4,8}:[\da-f]{2}:[\da-f]{2}\.[0-7]$/i.test(address)) return address.toLowerCase();
  throw refuse('a PCI address looks like 0000:03:00.0 (lspci -D)');
}
