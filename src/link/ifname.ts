/** Interface names, as the kernel's `dev_valid_name` (net/core/dev.c) takes them and a bit stricter. */
import { UsageError } from '../errors.ts';
import { IFNAME_BYTES } from './limits.ts';

/** Directories beside the links' own in /proc/sys/net/ipv4/conf. */
const SYSCTL_NAMES = new Set(['all', 'default']);

/** Could a link of that name be netwire's to work with? */
export function isIfname(name: string): boolean {
  try {
    checkIfname(name, '');
    return true;
  } catch {
    return false;
  }
}

/** A word whose link must be there already: no other name will do. */
const PARENT = 'parent';

/** A name without what is not allowed; undefined: nothing is left of it. */
function plain(name: string): string | undefined {
  return name.replace(/[^\w.-]+/g, '-').replace(/^[-.]+|-+$/g, '') || undefined;
}

/**
 * Checks the name of a link that exists or is to be made.
 *
 * @param what the word it came from, for the message: "parent", "--ifname"
 * @returns the name, unchanged
 * @throws UsageError when the kernel would not take it, or would take it for something else
 */
export function checkIfname(name: string, what: string): string {
  const refuse = (why: string, hint?: string) => new UsageError(`${what} ${JSON.stringify(name)}: ${why}`, hint);
  if (name === '') throw refuse('an interface needs a name');
  if (name.startsWith('-')) throw refuse('an interface name cannot begin with "-"');
  const bytes = Buffer.byteLength(name);
  if (bytes > IFNAME_BYTES)
    throw refuse(
      `an interface name has at most ${IFNAME_BYTES} bytes, this one has ${bytes}`,
      what === PARENT ? 'ip link' : name.slice(0, IFNAME_BYTES),
    );
  if (name === '.' || name === '..' || SYSCTL_NAMES.has(name)) throw refuse('this name is reserved');
  // ip -batch, the sysctl's path and iptables (a final "+" is its wildcard) would read these as their own.
  if (/["'#\\=\ufffd]|^!|\+$/.test(name))
    throw refuse('quotes, "#", "\\", "=", "!" in front and "+" at the end are not supported', plain(name));
  // "%" is a template to the kernel (eth%d); control characters would garble every listing.
  if (/[\s/:%]|[^\P{C}]/u.test(name))
    throw refuse('white space, "/", ":", "%" and control characters are not allowed', plain(name));
  return name;
}
