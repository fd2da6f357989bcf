/** Whether this process may change network settings. */
import { readFileSync } from 'node:fs';

/** Bits of capabilities(7), include/uapi/linux/capability.h. */
const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;

/**
 * @returns true when links may be made (CAP_NET_ADMIN) and namespaces entered (CAP_SYS_ADMIN, setns(2))
 */
export function mayAdministerNetwork(): boolean {
  const status = readFileSync('/proc/self/status', 'latin1');
  const effective = BigInt(`0x${/^CapEff:\s*([\da-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  return [CAP_NET_ADMIN, CAP_SYS_ADMIN].every((bit) => (effective >> bit) & 1n);
}
