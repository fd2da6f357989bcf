/** macvlan: a child with a MAC of its own (ip-link(8), drivers/net/macvlan.c). */
import { inContainer } from '../plan/step.ts';
import { childExpected, childPlan } from './child.ts';
import type { LinkKind } from './kind.ts';

const MODES = ['bridge', 'vepa', 'private', 'passthru', 'source'] as const;

export const macvlan: LinkKind = {
  word: 'macvlan',
  about: "a child with a MAC of its own; by it the container is on the link's LAN",
  behind: 'link',
  madeByName: null,
  makesParent: false,
  makesBridge: false,
  defaultIfname: 'eth1',
  takes: {
    ovsDatapath: false,
    host: true,
    mac: true,
    hostIfname: false,
    trunk: false,
    tag: 'vlan',
    modes: MODES,
    isolations: [],
  },
  needs: ['vlan-link', 'ifname-on-host'],

  plan(request, facts) {
    const mode = request.mode ?? MODES[0];
    // A passthru child takes its parent's MAC, unless it is given one, which the parent takes on.
    const mac = request.mac ?? (mode === 'passthru' ? null : facts.freshMac.link);
    const { steps, warnings } = childPlan(request, facts, ['macvlan', 'mode', mode], mac);
    const again = mac ?? facts.parent?.address ?? '';
    return {
      host: steps,
      up: 'before-addresses',
      announce: [inContainer(['ip', 'link', 'set', 'dev', request.ifname, 'address', again])],
      warnings,
    };
  },

  expected: (request) => childExpected('macvlan', request, request.mode ?? MODES[0]),

  explain(why, { parentName, mode }) {
    if (/busy/i.test(why)) return { message: `${parentName} has ipvlan children; a link cannot have both` };
    if (!/Invalid argument/i.test(why)) return null;
    const other = `${parentName} has a macvlan child`;
    return mode === 'passthru'
      ? { message: `mode passthru: ${other} already, and passthru must be its only one` }
      : { message: `${other} in mode passthru, which must be its only one` };
  },
};
