/** The children of a lower link, wherever they live: the kernel lists them nowhere. */
import type { LinkFacts } from '../facts.ts';
import { linkFacts } from './ip-json.ts';
import { Lanes } from './lanes.ts';
import { NETNS_DIRECTORY, netnsNames, processNamespaces } from './namespaces.ts';
import { type HeldNetns, holdNetnsFile, holdProcessNetns, ownNetnsInode, release } from './netns.ts';

/**
 * Looks through every namespace that a process lives in or that has a name.
 *
 * @param ifindex the lower link's, on the host
 * @returns links whose lower link bears that number; one whose lower link lives in a third namespace may
 *   be among them, so this is good for what errs on the side of caution
 */
export async function childrenOf(ifindex: number): Promise<LinkFacts[]> {
  const children: LinkFacts[] = [];
  const lanes = new Lanes();
  try {
    for (const held of everyNamespace()) {
      const session = lanes.begin(held.fd);
      try {
        const answer = await session.read(['addr', 'show']);
        const links = answer.ok ? linkFacts(answer.json) : [];
        children.push(...links.filter(({ linkIndex, kind }) => linkIndex === ifindex && kind !== 'veth'));
      } finally {
        await session.close();
        release(held);
      }
    }
    return children;
  } finally {
    lanes.end();
  }
}

/** Each namespace but the host's, once; what ends meanwhile has no children any more. */
function* everyNamespace(): Generator<HeldNetns> {
  const seen = new Set([ownNetnsInode()]);
  const openers = [
    ...[...processNamespaces().values()].map((pid) => () => holdProcessNetns(pid)),
    ...netnsNames().map((name) => () => holdNetnsFile(`${NETNS_DIRECTORY}/${name}`)),
  ];
  for (const open of openers) {
    const held = attempt(open);
    if (held === null) continue;
    if (seen.has(held.inode)) {
      release(held);
      continue;
    }
    seen.add(held.inode);
    yield held;
  }
}

function attempt<T>(open: () => T): T | null {
  try {
    return open();
  } catch {
    return null;
  }
}
