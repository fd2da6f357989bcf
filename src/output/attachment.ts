/** Attachments as text for people. */
import type { Attachment } from '../attachment.ts';
import type { Detached } from '../documents.ts';
import type { AddResult } from '../verb/result.ts';
import { table } from './table.ts';

const HEADING = ['CONTAINER', 'IFNAME', 'KIND', 'PARENT', 'HOST', 'ADDRESS', 'GATEWAY', 'MAC', 'MTU', 'STATE', 'BY'];

/** `show`'s table; only the heading when there is nothing. */
export function attachmentTable(attachments: readonly Attachment[]): string[] {
  return table([
    HEADING,
    ...attachments.map((one) => [
      one.container,
      one.ifname,
      one.kind,
      one.parent ?? '-',
      one.host_ifname ?? '-',
      addresses(one) || '-',
      one.gateway.join(',') || '-',
      one.address || '-',
      String(one.mtu),
      one.operstate,
      one.ours ? 'netwire' : '-',
    ]),
  ]);
}

/** One line: what a container has now. */
function attachmentLine(one: Attachment): string {
  const gateway = one.gateway.length === 0 ? '' : `, default route by ${one.gateway.join(', ')}`;
  const vlan = one.vlan === null ? '' : `, VLAN ${one.vlan}`;
  const partition = one.pkey === null ? '' : `, partition ${one.pkey}`;
  const parent = one.parent ?? `nothing (${one.kind})`;
  return `${one.container} ${one.ifname}: ${addresses(one) || 'no address'} on ${parent}${vlan}${partition}${gateway}`;
}

/** What `add` did, a line for each thing. */
export function attachedLines({ attachment, changed, madeBridge }: AddResult): string[] {
  return [
    ...(madeBridge === null ? [] : [`bridge ${madeBridge}: made`]),
    `${attachmentLine(attachment)}${changed ? '' : ' (as it was; nothing to do)'}`,
  ];
}

/** What `del` did. */
export function detachedLines(results: readonly Detached[]): string[] {
  return results.flatMap(({ attachment, other, ...gone }) => [
    ...(other === null ? [] : [`${other}: taken away`]),
    ...(attachment === null ? [] : [`${attachment.container} ${attachment.ifname}: taken back`]),
    ...goneLines(gone),
  ]);
}

type Gone = Pick<Detached, 'returned' | 'links' | 'bridges' | 'clients'>;

/** What went along on the host. */
export function goneLines({ returned, links, bridges, clients }: Gone): string[] {
  return [
    ...returned.map((link) => `link ${link}: at home again`),
    ...links.map((link) => `link ${link}: removed, nobody uses it`),
    ...clients.map((ifname) => `a DHCP client for ${ifname}: ended, its interface is gone`),
    ...bridges.map((bridge) => `bridge ${bridge}: removed, its last port is gone`),
  ];
}

/** Without the link-local ones: everybody has those. */
function addresses({ addr_info }: Attachment): string {
  return addr_info
    .filter(({ local }) => !/^fe[89ab]/.test(local))
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`)
    .join(',');
}
