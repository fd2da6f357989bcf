/** ipoib: a child of an InfiniBand link in one partition (ip-link(8), drivers/infiniband/ulp/ipoib). */
import { StateError, UsageError } from '../errors.ts';
import { inContainer } from '../plan/step.ts';
import { childLimits, childSteps, parentOf } from './child.ts';
import type { LinkKind, ResolvedAdd } from './kind.ts';
import { parentWords } from './mark.ts';

export const ipoib: LinkKind = {
  word: 'ipoib',
  about: 'a child of an InfiniBand link, in a partition',
  behind: 'link',
  madeByName: null,
  makesParent: false,
  makesBridge: false,
  parentsHave: 'pkey',
  defaultIfname: 'ib0',
  takes: {
    ovsDatapath: false,
    host: false,
    mac: false,
    hostIfname: false,
    trunk: false,
    tag: 'pkey',
    modes: [],
    isolations: [],
  },
  needs: ['ifname-on-host'],

  plan(request, facts) {
    const parent = parentOf(request, facts);
    const { ifname, parentName } = request;
    if (!parent.infiniband)
      throw new StateError('parent-kind', `parent ${parentName}: no InfiniBand link`, `netwire ${parentName} ...`);
    const { mtu, warnings } = childLimits(request, parent, parentName, parent.mtu);
    const pkey = pkeyOf(request);
    return {
      host: [
        ...childSteps(request, facts, parentName, null, null, ['ipoib', ...(pkey === null ? [] : ['pkey', pkey])]),
        // The kernel gives a child its parent's, whatever is asked for as it is made.
        ...(mtu === parent.mtu ? [] : [inContainer(['ip', 'link', 'set', 'dev', ifname, 'mtu', String(mtu)])]),
      ],
      up: 'before-addresses',
      announce: [],
      silent: true,
      mark: parentWords(parentName),
      warnings,
    };
  },

  expected: (request, parent) => ({
    ...{ kind: 'ipoib', mode: null, parent: request.parentName, vlan: null, trunk: [] },
    pkey: pkeyOf(request) ?? (typeof parent?.infoData.key === 'string' ? parent.infoData.key : null),
  }),

  explain: (why, { parentName }) =>
    /Invalid argument/i.test(why)
      ? { message: `${parentName}: the kernel makes no child there; a child of an IPoIB link can have none itself` }
      : null,
};

/** The upper bit says full membership; the kernel sets it in every child's key. */
const FULL_MEMBER = 0x8000;

/**
 * The partition key as the kernel tells it, `0x8001`; null: the parent's. What is written is
 * hexadecimal, with or without `0x` (InfiniBand Architecture Specification, 10.9: 0 is none).
 *
 * @throws UsageError when it is no partition key
 */
function pkeyOf({ tag, pkey }: ResolvedAdd): string | null {
  const word = pkey ?? tag;
  if (word === null) return null;
  const key = Number.parseInt(word.replace(/^0x/i, ''), 16);
  if (!/^(0x)?[\da-f]{1,4}$/i.test(word) || (key & ~FULL_MEMBER) === 0)
    throw new UsageError(
      `partition key ${JSON.stringify(word)}: it is hexadecimal, 1 to 7fff, or 8001 to ffff with the bit of full members`,
    );
  return `0x${(key | FULL_MEMBER).toString(16)}`;
}
