/** Instances of LXD: LXD_DIR, the distribution's package, the snap. */
import { variable } from '../host/variables.ts';
import { instancesOf } from './instances.ts';

export const lxd = instancesOf(
  'lxd',
  () => {
    const directory = variable('LXD_DIR');
    return directory
      ? [`${directory}/unix.socket`]
      : ['/var/lib/lxd/unix.socket', '/var/snap/lxd/common/lxd/unix.socket'];
  },
  'lxc',
);
