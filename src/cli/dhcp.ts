/**
 * The words of ADDRESS for addresses that the network gives: `auto`, by routers' advertisements; `dhcp`, `udhcpc`,
 * `dhcpcd`, `dhclient`, each with `-f` and `:OPTIONS` as in pipework; `dhcp6`, `dhcpcd6`, `dhclient6`.
 */
import { UsageError } from '../errors.ts';
import { CLIENTS_OF, DHCP_CLIENTS, type Family } from '../family.ts';
import type { DhcpRequest } from '../request.ts';
import type { Options } from './options.ts';

/** `-f`, pipework's word for a lease that is kept, is what is done anyhow. */
const DHCP_WORD = /^(dhcp|udhcpc|dhcpcd|dhclient)(6?)(-f)?(:|$)/;

/** Stateless address autoconfiguration. */
const AUTO = 'auto';

/** All such words, without options. */
export const GIVEN_WORDS: readonly string[] = [
  AUTO,
  'dhcp',
  ...CLIENTS_OF.inet,
  'dhcp6',
  ...CLIENTS_OF.inet6.map((client) => `${client}6`),
];

export function isDhcpWord(word: string): boolean {
  return DHCP_WORD.test(word);
}

interface Given {
  /** ADDRESS without those words, `0/0` for none. */
  readonly rest: string;
  readonly dhcp: readonly DhcpRequest[];
  readonly autoconf: boolean;
}

/**
 * Takes such words out of ADDRESS. What stands behind a colon are the client's options, commas and all, so such a
 * word comes last.
 *
 * @throws UsageError for two of a kind, or options that need one
 */
export function takeDhcp(word: string, options: Options): Given {
  const words = splitWords(word);
  const twice = (what: string) => new UsageError(`address ${JSON.stringify(word)}: ${what} is asked for twice`);
  const autos = words.filter((one) => one === AUTO).length;
  if (autos > 1) throw twice(AUTO);
  const dhcp = words.filter(isDhcpWord).map((one) => dhcpRequest(one, options));
  if (new Set(dhcp.map(({ family }) => family)).size < dhcp.length)
    throw twice(dhcp[0]?.family === dhcp[1]?.family && dhcp[0]?.family === 'inet6' ? 'DHCPv6' : 'DHCP');
  const { once = false, hostname, dnsFile } = options;
  const [given] = Object.entries({ once: once || undefined, hostname, 'dns-file': dnsFile }).filter(
    ([, one]) => one !== undefined,
  );
  if (given && dhcp.length === 0) throw new UsageError(`--${given[0]}: there is no DHCP here`, 'dhcp as ADDRESS');
  const rest = words.filter((one) => one !== AUTO && !isDhcpWord(one)).join(',');
  return { rest: rest || '0/0', dhcp, autoconf: autos > 0 };
}

/** At the commas, but for those behind a colon. */
function splitWords(word: string): string[] {
  const all = word.split(',');
  const end = all.findIndex((one) => isDhcpWord(one) && one.includes(':'));
  return end === -1 ? all : [...all.slice(0, end), all.slice(end).join(',')];
}

function dhcpRequest(text: string, options: Options): DhcpRequest {
  const { once = false, hostname = null, dnsFile = null } = options;
  const [, name, six] = DHCP_WORD.exec(text) ?? [];
  const family: Family = six === '6' ? 'inet6' : 'inet';
  const client = DHCP_CLIENTS.find((one) => one === name) ?? null;
  if (client !== null && !CLIENTS_OF[family].includes(client))
    throw new UsageError(
      `${client}6: it does no DHCPv6 here`,
      `dhcp6, or ${CLIENTS_OF[family].map((one) => `${one}6`).join(' or ')}`,
    );
  const words = text.includes(':') ? text.slice(text.indexOf(':') + 1).split(/\s+/) : [];
  // pipework's `dhcp:-f`: udhcpc's own word for staying, which others take for something else.
  const kept = words.filter((one) => one !== '' && !(client === null && one === '-f'));
  return { family, client, options: kept, once, hostname, dnsFile };
}
