/** What options may be given as values. */
import { UsageError } from '../errors.ts';
import type { Family } from '../family.ts';
import { nearest } from './nearest.ts';

/** pipework's words for a family, and ip's. */
export const FAMILIES: Readonly<Record<string, Family>> = { inet: 'inet', inet6: 'inet6', '4': 'inet', '6': 'inet6' };

/** Tables of the kernel's own: default, main, local (rtnetlink(7), rtm_table). */
const RESERVED_TABLES: readonly number[] = [253, 254, 255];

/** RFC 1123, section 2.1; one label, as DHCP's option 12 has it. */
export function hostName(value: string): string {
  if (!/^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i.test(value))
    throw new UsageError(`--hostname ${JSON.stringify(value)}: letters, digits and hyphens are wanted, at most 63`);
  return value;
}

/** The host's own is never written. */
export function dnsFile(value: string): string {
  if (!value.startsWith('/')) throw new UsageError(`--dns-file ${JSON.stringify(value)}: an absolute path is wanted`);
  if (value.replace(/\/+/g, '/') === '/etc/resolv.conf')
    throw new UsageError(`--dns-file ${value}: that file is the host's own`, '--dns-file /run/c1.resolv.conf');
  return value;
}

export function tableNumber(value: string): number {
  const number = wholeNumber('--table', value, 1, 0xffff_ffff);
  if (RESERVED_TABLES.includes(number))
    throw new UsageError(`--table ${value}: that table is the kernel's own`, '--table 100');
  return number;
}

export function seconds(option: string, value: string): number {
  const number = Number(value);
  if (!/^\d+(\.\d+)?$/.test(value) || number <= 0 || number > 86_400)
    throw new UsageError(`${option} ${JSON.stringify(value)}: a number of seconds is wanted, at most 86400`);
  return number;
}

export function oneOf<T extends string>(option: string, value: string, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found === undefined)
    throw new UsageError(
      `${option} ${JSON.stringify(value)}: the words are ${words.join(', ')}`,
      `${option} ${nearest(value, words) ?? words[0]}`,
    );
  return found;
}

export function wholeNumber(option: string, value: string, min: number, max: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < min || number > max)
    throw new UsageError(`${option} ${JSON.stringify(value)}: a whole number from ${min} to ${max} is wanted`);
  return number;
}
