/** ipvlan: a child that shares its parent's MAC (ip-link(8), Documentation/networking/ipvlan.rst). */
import { StateError } from '../errors.ts';
import type { LinkFacts } from '../facts.ts';
import { childExpected, childPlan } from './child.ts';
import type { LinkKind } from './kind.ts';

const MODES = ['l2', 'l3', 'l3s'] as const;
const ISOLATIONS = ['bridge', 'private', 'vepa'] as const;

export const ipvlan: LinkKind = {
  word: 'ipvlan',
  about: "a child that shares the link's MAC",
  behind: 'link',
  madeByName: null,
  makesParent: false,
  makesBridge: false,
  defaultIfname: 'eth1',
  takes: {
    ovsDatapath: false,
    host: true,
    mac: false,
    hostIfname: false,
    trunk: false,
    tag: 'vlan',
    modes: MODES,
    isolations: ISOLATIONS,
  },
  needs: ['vlan-link', 'siblings', 'ifname-on-host'],

  plan(request, facts) {
    const mode = request.mode ?? MODES[0];
    const isolation = request.isolation ?? ISOLATIONS[0];
    // Both are the parent's: the kernel would switch all its children over to the newest one's.
    for (const sibling of facts.siblings) checkSibling(sibling, request.parentName, mode, isolation);
    const { steps, warnings } = childPlan(request, facts, ['ipvlan', 'mode', mode, isolation], null);
    return { host: steps, up: 'after-addresses', announce: [], warnings };
  },

  expected: (request) => childExpected('ipvlan', request, request.mode ?? MODES[0]),

  explain: (why, { parentName }) =>
    /busy/i.test(why) ? { message: `${parentName} has macvlan children; a link cannot have both` } : null,
};

function checkSibling(sibling: LinkFacts, parent: string, mode: string, isolation: string): void {
  const theirs = { mode: sibling.infoData.mode, isolation: isolationOf(sibling) };
  const differs = (option: string, is: unknown) =>
    new StateError('mode', `${option}: ${parent} has ipvlan children in ${is}, and all of them share it`, `${is}`);
  if (theirs.mode !== mode) throw differs(`--mode ${mode}`, `--mode ${theirs.mode}`);
  if (theirs.isolation !== isolation) throw differs(`--isolation ${isolation}`, `--isolation ${theirs.isolation}`);
}

/** The isolation of an ipvlan child, as --isolation says it. */
export function isolationOf(link: LinkFacts): string {
  return ISOLATIONS.find((word) => link.infoData[word] === true) ?? ISOLATIONS[0];
}
