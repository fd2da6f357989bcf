/** Instances of Incus: INCUS_SOCKET, INCUS_DIR, or where its package puts it. */
import { variable } from '../host/variables.ts';
import { instancesOf } from './instances.ts';

export const incus = instancesOf(
  'incus',
  () => {
    const socket = variable('INCUS_SOCKET');
    if (socket) return [socket];
    const directory = variable('INCUS_DIR');
    return directory ? [`${directory}/unix.socket`] : ['/run/incus/unix.socket', '/var/lib/incus/unix.socket'];
  },
  'incus',
);
