/** The words of ADDRESS for addresses that the network gives: `auto`, by routers' advertisements; `dhcp`, `udhcpc`, `dhcpcd`, `dhclient`, each with `-f` and `:OPTIONS` as in pipework. */
import { UsageError } from '../errors.ts';
import { DHCP_CLIENTS, type DhcpRequest } from '../request.ts';
import type { Options } from './options.ts';

/** `-f`, pipework's word for a lease that is kept, is what is done anyhow. */
const DHCP_WORD = /^(dhcp|udhcpc|dhcpcd|dhclient)(-f)?(:|$)/;

/** Stateless address autoconfiguration. */
const AUTO = 'auto';

export function isDhcpWord(word: string): boolean {
  return DHCP_WORD.test(word);
}

/**
 * Takes the DHCP word out of ADDRESS. What stands behind its colon are the client's options, commas and
 * all, so such a word comes last.
 *
 * @returns the rest, `0/0` for none, what is asked for of DHCP, and whether `auto` is
 * @throws UsageError for two of them, or options that need one
 */
export function takeDhcp(
  word: string,
  options: Options,
): { rest: string; dhcp: DhcpRequest | null; autoconf: boolean } {
  const all = word.split(',');
  const end = all.findIndex((one) => isDhcpWord(one) && one.includes(':'));
  const autos = all.filter((one, i) => one === AUTO && (end === -1 || i < end)).length;
  if (autos > 1) throw new UsageError(`address ${JSON.stringify(word)}: ${AUTO} is asked for twice`);
  const autoconf = autos > 0;
  const parts = all.filter((one, i) => one !== AUTO || (end !== -1 && i >= end));
  const at = parts.findIndex(isDhcpWord);
  const { once = false, hostname = null, dnsFile = null } = options;
  if (at === -1) {
    const [given] = Object.entries({ once: once || null, hostname, 'dns-file': dnsFile }).filter(
      ([, one]) => one !== null,
    );
    if (given) throw new UsageError(`--${given[0]}: there is no DHCP here`, 'dhcp as ADDRESS');
    return { rest: parts.join(',') || '0/0', dhcp: null, autoconf };
  }
  const part = parts[at] ?? '';
  const hasOptions = part.includes(':');
  const text = hasOptions ? parts.slice(at).join(',') : part;
  const rest = [...parts.slice(0, at), ...(hasOptions ? [] : parts.slice(at + 1))];
  if (rest.some(isDhcpWord)) throw new UsageError(`address ${JSON.stringify(word)}: DHCP is asked for twice`);
  const name = DHCP_WORD.exec(text)?.[1];
  const words = text.slice(text.indexOf(':') + 1).split(/\s+/);
  return {
    rest: rest.length === 0 ? '0/0' : rest.join(','),
    autoconf,
    dhcp: {
      client: DHCP_CLIENTS.find((one) => one === name) ?? null,
      options: hasOptions ? words.filter((one) => one !== '') : [],
      ...{ once, hostname, dnsFile },
    },
  };
}
