/**
 * Marks: how netwire knows its own links again. A mark is the link's alias (ip-link(8)), at most
 * 255 bytes: "netwire:1" and the few facts the kernel cannot tell otherwise.
 *
 * A container that may administer its own links can write any mark inside. So a port's other end is
 * known by its host end's mark alone; a moved link and a cable's end have none, and what their marks say
 * is checked: by the link's kind (plan/del.ts), by the namespace and the other end (cable.ts).
 */
import type { TargetFacts } from '../facts.ts';
import { DHCP_CLIENTS, type DhcpClient, type Family } from '../family.ts';

const WORD = 'netwire:1';

/** The kernel's IFALIASZ is 256 with the final NUL (include/uapi/linux/if.h). */
export const ALIAS_BYTES = 255;

/** Room for what else may stand in a mark: `netwire:1 gateway=inet,inet6 table=4294967295 dhcp=dhclient,once dhcp6=dhclient,once auto `. */
export const MARK_ROOM = 93;

/**
 * Mark of a link inside a container, with the families whose default routes were demoted for its own:
 * its own may be gone when the link is taken back.
 *
 * @param words what its kind has to say besides
 */
export function containerLinkMark(gateways: readonly Family[], words: readonly string[] = []): string {
  return [WORD, ...(gateways.length === 0 ? [] : [`gateway=${gateways.join(',')}`]), ...words].join(' ');
}

/** A container link's mark with other families and another table; what else it says stays. */
export function withWays(alias: string | null, gateways: readonly Family[], table: number | null): string {
  const words = isOurs(alias) ? (alias ?? '').split(' ').slice(1) : [];
  return containerLinkMark(gateways, [
    ...tableWords(table),
    ...words.filter((word) => !/^(gateway|table)=/.test(word)),
  ]);
}

/** The word in the mark of a link that has a table of its own: there are rules for it, which do not go with it. */
export function tableWords(table: number | null): string[] {
  return table === null ? [] : [`table=${table}`];
}

const DHCP_KEYS: Record<Family, string> = { inet: 'dhcp', inet6: 'dhcp6' };

/** The word in the mark of a link whose address is a lease. */
export function dhcpWord(family: Family, client: DhcpClient, isOnce: boolean): string {
  return `${DHCP_KEYS[family]}=${client}${isOnce ? ',once' : ''}`;
}

/** A family's DHCP client in a container link's mark. */
interface MarkedDhcp {
  readonly client: DhcpClient;
  /** It ended after the first lease. */
  readonly isOnce: boolean;
}

/** @returns null when there is none */
export function markedDhcp(alias: string | null, family: Family): MarkedDhcp | null {
  const [word, once] = markedWords(alias, DHCP_KEYS[family]);
  const client = DHCP_CLIENTS.find((one) => one === word);
  return client === undefined ? null : { client, isOnce: once === 'once' };
}

/** The families of a container link's addresses that are leases. */
export function leasedFamilies(alias: string | null): Family[] {
  return (['inet', 'inet6'] as const).filter((family) => markedDhcp(alias, family) !== null);
}

/** Those whose client ended after the first lease: the address stays, like one that somebody set. */
export function onceFamilies(alias: string | null): Family[] {
  return leasedFamilies(alias).filter((family) => markedDhcp(alias, family)?.isOnce);
}

/** The word in the mark of a link that hears routers' advertisements. */
export const AUTOCONF_WORD = 'auto';

export function isMarkedAutoconf(alias: string | null): boolean {
  return isOurs(alias) && (alias ?? '').split(' ').includes(AUTOCONF_WORD);
}

/** The table in a container link's mark; null: it has none of its own. */
export function markedTable(alias: string | null): number | null {
  const [table] = markedWords(alias, 'table');
  return table === undefined || !/^\d+$/.test(table) ? null : Number(table);
}

/** The families in a container link's mark whose default routes were demoted for it. */
export function markedGateways(alias: string | null): Family[] {
  return markedWords(alias, 'gateway').filter((word) => word === 'inet' || word === 'inet6');
}

/** Mark of a VLAN link that netwire made. */
export const VLAN_LINK_MARK = WORD;

/** Mark of a bridge that netwire made; with the firewall commands whose accept rule goes with it. */
export function bridgeMark(firewall: readonly string[]): string {
  return firewall.length === 0 ? WORD : `${WORD} firewall=${firewall.join(',')}`;
}

/**
 * Mark of a veth's host end: which namespace the other end was put into, and the container's name
 * for people who read `ip link`.
 *
 * @param switchBridge the Open vSwitch bridge that it is a port of
 */
export function hostEndMark(netns: number, canonical: string, switchBridge: string | null = null): string {
  const words = [`netns=${netns}`, ...(switchBridge === null ? [] : [`ovs=${encodeURIComponent(switchBridge)}`])];
  return [WORD, ...withName(words, canonical)].join(' ');
}

/** A container's name behind the words of a mark, where there is room for it. */
function withName(words: readonly string[], canonical: string): string[] {
  const name = /^[\w.:/@+-]+$/.test(canonical) ? canonical : encodeURIComponent(canonical);
  const fits = [WORD, ...words, name].join(' ').length + MARK_ROOM <= ALIAS_BYTES;
  return fits ? [...words, name] : [...words];
}

/** The Open vSwitch bridge in a host end's mark; null: it was made no port of one. */
export function markedSwitch(alias: string | null): string | null {
  return markedText(alias, 'ovs');
}

/** The words in the mark of a cable's end: the namespace its other end was put into, and whose that is. */
export function cableWords({ netns, canonical }: TargetFacts): string[] {
  return withName([`peer=${netns}`], canonical);
}

/** The container that the mark of a cable's end names; to be believed only if it lives in that namespace. */
export function markedPeerName(alias: string | null): string | null {
  const word = isOurs(alias) ? / peer=\d+ (\S+)/.exec(alias ?? '')?.[1] : undefined;
  return word === undefined ? null : decoded(word);
}

/** The word in the mark of a link whose parent the kernel does not tell. */
export function parentWords(parent: string): string[] {
  return [`parent=${encodeURIComponent(parent)}`];
}

/** The parent's name in a link's mark, or null. */
export function markedParent(alias: string | null): string | null {
  return markedText(alias, 'parent');
}

function markedText(alias: string | null, key: string): string | null {
  const word = isOurs(alias) ? new RegExp(` ${key}=(\\S+)`).exec(alias ?? '')?.[1] : undefined;
  return word === undefined ? null : decoded(word);
}

/** Percent-encoding undone; a mark that somebody changed may hold anything. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The namespace inode in the mark of a cable's end; null for any other link. */
export function markedPeer(alias: string | null): number | null {
  const [inode] = markedWords(alias, 'peer');
  return inode === undefined || !/^\d+$/.test(inode) ? null : Number(inode);
}

/** Is this link netwire's? */
export function isOurs(alias: string | null): boolean {
  return alias !== null && (alias === WORD || alias.startsWith(`${WORD} `));
}

/** The namespace inode in a host end's mark, or null. */
export function markedNetns(alias: string | null): number | null {
  if (!isOurs(alias)) return null;
  const found = / netns=(\d+)/.exec(alias ?? '');
  return found ? Number(found[1]) : null;
}

/** The firewall commands in a bridge's mark whose rule was made with the bridge. */
export function markedFirewall(alias: string | null): ('iptables' | 'ip6tables')[] {
  return markedWords(alias, 'firewall').filter((word) => word === 'iptables' || word === 'ip6tables');
}

/** What stands behind `KEY=` in a mark. */
function markedWords(alias: string | null, key: string): string[] {
  if (!isOurs(alias)) return [];
  return new RegExp(` ${key}=([\\w,]+)`).exec(alias ?? '')?.[1]?.split(',') ?? [];
}
