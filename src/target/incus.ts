/** Instances of Incus: INCUS_SOCKET, INCUS_DIR, or where its package puts it. */
import { instancesOf } from './instances.ts';

export const incus = instancesOf(
  'incus',
  () => {
    const { INCUS_SOCKET, INCUS_DIR } = process.env;
    if (INCUS_SOCKET) return [INCUS_SOCKET];
    return INCUS_DIR ? [`${INCUS_DIR}/unix.socket`] : ['/run/incus/unix.socket', '/var/lib/incus/unix.socket'];
  },
  'incus',
);
