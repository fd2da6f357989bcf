/** dummy: a link in the container with nothing behind it (drivers/net/dummy.c). */
import { inContainer } from '../plan/step.ts';
import type { LinkKind } from './kind.ts';
import { BORN } from './unfinished.ts';

export const dummy: LinkKind = {
  word: 'dummy',
  about: 'a link in the container with nothing behind it',
  behind: null,
  madeByName: /^dummy/,
  makesParent: true,
  makesBridge: false,
  defaultIfname: 'eth1',
  takes: {
    ovsDatapath: false,
    host: false,
    mac: true,
    hostIfname: false,
    trunk: false,
    tag: null,
    modes: [],
    isolations: [],
  },
  needs: [],

  plan({ ifname, mac, mtu }) {
    const add = ['ip', 'link', 'add', 'name', ifname, ...BORN];
    if (mac !== null) add.push('address', mac);
    if (mtu !== null) add.push('mtu', String(mtu));
    const step = inContainer([...add, 'type', 'dummy'], ['ip', 'link', 'del', 'dev', ifname]);
    return { host: [step], up: 'before-addresses', announce: [], warnings: [] };
  },

  expected: () => ({ kind: 'dummy', mode: null, parent: null, vlan: null, trunk: [] }),
};
