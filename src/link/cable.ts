/** veth: a cable, whose two ends are in two containers. */
import { NO_ROUTING } from '../address/own-routes.ts';
import { StateError } from '../errors.ts';
import type { CableEndFacts, LinkFacts, TargetFacts } from '../facts.ts';
import { type Place, type Step, stepIn } from '../plan/step.ts';
import { endSteps } from './end.ts';
import { endChanges } from './end-changes.ts';
import type { LinkKind } from './kind.ts';
import { ETHERNET_MTU } from './limits.ts';
import { cableWords, containerLinkMark, markedPeer } from './mark.ts';
import { checkIpv6Mtu } from './mtu.ts';
import { isPeer, pairStep } from './veth.ts';

export const cable: LinkKind = {
  word: 'veth',
  about: 'a cable: a veth pair whose other end goes into a second container',
  behind: 'container',
  madeByName: null,
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

  plan(request, { target, peer: found, freshMac }) {
    const { ifname, peer } = request;
    if (peer === null || found === null) throw new Error('a cable without its other end');
    if (found.target.netns === target.netns)
      throw new StateError(
        'same-container',
        `${found.target.canonical}: a cable from a container to itself`,
        'veth:CONTAINER2, another one',
      );
    if (found.container.link !== null)
      throw new StateError(
        'name-taken',
        `${peer.ifname}: ${found.target.canonical} has an interface of that name`,
        '--peer-ifname NAME',
      );
    const mtu = request.mtu ?? ETHERNET_MTU;
    checkIpv6Mtu(mtu, request);
    checkIpv6Mtu(mtu, { ...request, addresses: peer.addresses });
    const near = { place: 'container', ifname, mac: request.mac ?? freshMac.link } as const;
    const far = { place: 'peer', ifname: peer.ifname, mac: peer.mac ?? freshMac.peer } as const;
    return {
      host: [
        pairStep(near, far, mtu, 'container'),
        // At once: a netwire that is killed in between leaves ends that are known again.
        markStep(near, found.target),
        markStep(far, target),
        ...endSteps({
          ...{ place: 'peer', ifname: peer.ifname, addresses: peer.addresses, routing: NO_ROUTING },
          ...{ heard: null, probe: false },
          ...{ ...found.container, up: 'before-addresses', mark: cableWords(target) },
        }),
      ],
      up: 'before-addresses',
      announce: [far, near].map(({ place, ifname, mac }) =>
        stepIn(place, ['ip', 'link', 'set', 'dev', ifname, 'address', mac]),
      ),
      mark: cableWords(found.target),
      warnings: [],
    };
  },

  changes({ mtu, peer }, { hostSide, present }) {
    if (peer === null || hostSide.peer === null || !present?.farEnd) return [];
    const { addresses, mac } = peer;
    return endChanges(
      { ...hostSide.peer, ...present.farEnd, place: 'far' },
      { addresses, routing: NO_ROUTING, heard: null, mac, mtu, announces: true },
    );
  },

  expected: ({ parentName }) => ({ kind: 'veth', mode: null, parent: parentName, vlan: null, trunk: [] }),
};

function markStep({ place, ifname }: { place: Place; ifname: string }, other: TargetFacts): Step {
  return stepIn(place, ['ip', 'link', 'set', 'dev', ifname, 'alias', containerLinkMark([], cableWords(other))]);
}

/** The other end of a cable among the links of the container that its mark names. */
export function otherEnd(
  link: LinkFacts,
  target: TargetFacts,
  links: readonly LinkFacts[],
): CableEndFacts['link'] | null {
  return links.find((one) => isPeer(one, link) && markedPeer(one.alias) === target.netns) ?? null;
}
