/** What a link kind is to the rest: one object, from request and facts to steps. */
import type { Attachment } from '../attachment.ts';
import type { AddFacts, LinkFacts } from '../facts.ts';
import type { Step } from '../plan/step.ts';
import type { AddRequest } from '../request.ts';

/** A request whose parent was looked at, so that its kind and all names are known. */
export interface ResolvedAdd extends AddRequest {
  readonly ifname: string;
  /** The parent's name on the host. */
  readonly parentName: string;
}

/** Facts that only some kinds need; what no kind needs is not read. */
export type Need = 'host-ifname' | 'firewall' | 'vlan-link' | 'siblings' | 'moved' | 'switch' | 'ifname-on-host';

/** The words of a command line that a kind knows; others are refused. */
interface Takes {
  readonly mac: boolean;
  /** It has an end on the host that `-l` can name. */
  readonly hostIfname: boolean;
  /** It can be a tagged port. */
  readonly trunk: boolean;
  /** --ovs-datapath says something to it. */
  readonly ovsDatapath: boolean;
  /** The host itself can have one. */
  readonly host: boolean;
  /** What `@TAG` is to it. */
  readonly tag: 'vlan' | 'pkey' | null;
  /** The words of --mode, the default first. */
  readonly modes: readonly string[];
  /** The words of --isolation, the default first. */
  readonly isolations: readonly string[];
}

/** What a kind gives to a plan. */
export interface LinkPlan {
  /** On the host, and the link itself. */
  readonly host: readonly Step[];
  /** Set the link up before its addresses are there, or after. */
  readonly up: 'before-addresses' | 'after-addresses';
  /** The last step: at it the kernel announces the addresses. */
  readonly announce: readonly Step[];
  /** The kernel shall announce nothing. */
  readonly silent?: boolean | undefined;
  /** What the link's mark says besides what every one says. */
  readonly mark?: readonly string[] | undefined;
  /** Its group at last, ip-link(8); absent: the default one. */
  readonly group?: string | undefined;
  readonly warnings: readonly string[];
}

/** The keys of an attachment that a request settles. */
export type Expected = Pick<Attachment, 'kind' | 'mode' | 'parent' | 'vlan' | 'trunk'> &
  Partial<Pick<Attachment, 'pkey'>>;

interface Explanation {
  readonly message: string;
  readonly hint?: string;
}

export interface LinkKind {
  /** The word before the colon of PARENT. */
  readonly word: string;
  /** What it gives the container, for the help. */
  readonly about: string;
  /** What stands behind that colon; null: the kind is known by the link's name alone. */
  readonly behind: 'link' | 'container' | null;
  /** Names of links that are made when no link bears them; null: none. */
  readonly madeByName: RegExp | null;
  /** A link of that name need not exist, because it is made. */
  readonly makesParent: boolean;
  /** What it makes then is a bridge. */
  readonly makesBridge: boolean;
  /** What links that it goes over have in their directory of /sys/class/net; absent: nothing else. */
  readonly parentsHave?: string;
  readonly defaultIfname: string;
  readonly takes: Takes;
  readonly needs: readonly Need[];
  /**
   * @throws StateError or UsageError when it cannot be made over this parent
   */
  plan(request: ResolvedAdd, facts: AddFacts): LinkPlan;
  /**
   * What makes one that is there as it is asked for, outside the container's end; absent: nothing is there
   * to be changed.
   *
   * @throws StateError when it cannot be changed
   */
  changes?(request: ResolvedAdd, facts: AddFacts): readonly Step[];
  /** @param link the container's */
  expected(request: ResolvedAdd, parent: LinkFacts | null, link: LinkFacts): Expected;
  /** What its parent is called, where that is not the name it has at the moment. */
  parentName?(parent: LinkFacts): string;
  /** Why the kernel or the switch refused to make the link, in words that help; null: nothing better than its own. */
  explain?(why: string, request: ResolvedAdd): Explanation | null;
}
