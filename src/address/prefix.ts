/** An IP address with its prefix length, as a number. */
import type { Family } from '../family.ts';

/** A prefix length that the family does not have. */
export class LengthError extends Error {}

export class Prefix {
  private constructor(
    readonly family: Family,
    readonly value: bigint,
    /** 0 to 32, or to 128. */
    readonly length: number,
  ) {}

  /**
   * @param text `ADDRESS` (a single host) or `ADDRESS/LENGTH`, as inet_pton(3) takes addresses: IPv4 in four
   *   decimal parts, IPv6 as in RFC 4291 section 2.2, without a zone
   * @throws LengthError for a length that is none of the family's; Error for what is no address
   */
  static parse(text: string): Prefix {
    const slash = text.indexOf('/');
    const address = slash === -1 ? text : text.slice(0, slash);
    const value = fromIPv4(address) ?? fromIPv6(address);
    if (value === null) throw new Error('not an IP address');
    const family = address.includes(':') ? 'inet6' : 'inet';
    const bits = bitsOf(family);
    const word = slash === -1 ? String(bits) : text.slice(slash + 1);
    if (!/^(0|[1-9]\d*)$/.test(word)) throw new Error('not an IP address');
    if (Number(word) > bits) throw new LengthError();
    return new Prefix(family, value, Number(word));
  }

  /** The address alone, in canonical spelling (RFC 5952). */
  get text(): string {
    return this.family === 'inet' ? toIPv4(this.value) : toIPv6(this.value);
  }

  /** The lowest address of the prefix. */
  get first(): Prefix {
    return new Prefix(this.family, this.value & ~this.hostMask, this.length);
  }

  /** The highest one. */
  get last(): Prefix {
    return new Prefix(this.family, this.value | this.hostMask, this.length);
  }

  /** The one after it. */
  get next(): Prefix {
    return new Prefix(this.family, this.value + 1n, this.length);
  }

  has(other: Prefix): boolean {
    return other.family === this.family && (other.value | this.hostMask) === (this.value | this.hostMask);
  }

  private get hostMask(): bigint {
    return (1n << BigInt(bitsOf(this.family) - this.length)) - 1n;
  }

  /** RFC 1112, RFC 4291 section 2.7. */
  get isMulticast(): boolean {
    return this.isIn('224.0.0.0/4', 'ff00::/8');
  }

  /** RFC 1122 section 3.2.1.3, RFC 4291 section 2.5.3. */
  get isLoopback(): boolean {
    return this.isIn('127.0.0.0/8', '::1/128');
  }

  get isUnspecified(): boolean {
    return this.meant.value === 0n;
  }

  /** IPv6's: RFC 4291 section 2.5.6. */
  get isLinkLocal6(): boolean {
    return this.family === 'inet6' && Prefix.parse('fe80::/10').has(this);
  }

  /** RFC 4291 section 2.5.5: ::ffff:a.b.c.d, and the deprecated ::a.b.c.d. */
  get embedsIPv4(): boolean {
    if (this.family === 'inet' || this.value <= 1n) return false;
    return Prefix.parse('::ffff:0:0/96').has(this) || Prefix.parse('::/96').has(this);
  }

  private isIn(inet: string, inet6: string): boolean {
    return Prefix.parse(this.meant.family === 'inet' ? inet : inet6).has(this.meant);
  }

  /** The IPv4 address that is reached by an IPv6 one: mapped (RFC 4291 section 2.5.5.2), or by NAT64 (RFC 6052). */
  private get meant(): Prefix {
    const isOther =
      this.family === 'inet6' && ['::ffff:0:0/96', '64:ff9b::/96'].some((one) => Prefix.parse(one).has(this));
    return isOther ? new Prefix('inet', this.value & 0xffff_ffffn, 32) : this;
  }
}

export function bitsOf(family: Family): number {
  return family === 'inet' ? 32 : 128;
}

/** Which family a text is an address of; null: none. Node's own isIPv6 compiles a pattern that costs a millisecond. */
export function familyOf(text: string): Family | null {
  if (fromIPv4(text) !== null) return 'inet';
  return fromIPv6(text) === null ? null : 'inet6';
}

function fromIPv4(address: string): bigint | null {
  const parts = address.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function toIPv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}

function fromIPv6(address: string): bigint | null {
  const dotted = address.includes('.') ? address.slice(address.lastIndexOf(':') + 1) : null;
  const low = dotted === null ? 0n : fromIPv4(dotted);
  const words = dotted === null ? address : `${address.slice(0, -dotted.length)}0:0`;
  const [head = '', tail = null, ...more] = words.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const given = before.length + after.length;
  const isWhole = tail === null ? given === 8 : given < 8;
  const areGroups = [...before, ...after].every((group) => /^[\da-f]{1,4}$/i.test(group));
  if (low === null || more.length > 0 || !isWhole || !areGroups) return null;
  const zeros = Array.from({ length: 8 - given }, () => '0');
  return [...before, ...zeros, ...after].reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n) | low;
}

function toIPv6(value: bigint): string {
  const groups = hexGroups(value);
  // The longest run of zeros, the first of several, at least two (RFC 5952 section 4.2).
  let [at, length] = [-1, 1];
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (groups[end] === '0') end += 1;
    if (end - i > length) [at, length] = [i, end - i];
  }
  if (at === -1) return groups.join(':');
  return `${groups.slice(0, at).join(':')}::${groups.slice(at + length).join(':')}`;
}

function hexGroups(value: bigint): string[] {
  return [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) => ((value >> shift) & 0xffffn).toString(16));
}

/** An IPv6 address as 32 hexadecimal digits. */
export function hexDigits({ value }: Prefix): string {
  return value.toString(16).padStart(32, '0');
}
