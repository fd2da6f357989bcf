/** The link kinds, and which one a request is for. A new kind is a file and a line here. */
import { nearest } from '../cli/nearest.ts';
import { StateError, UsageError } from '../errors.ts';
import type { LinkFacts, ParentFacts } from '../facts.ts';
import type { AddRequest, LinkSelector, ParentRequest } from '../request.ts';
import type { SwitchBridgeFacts } from '../switch-facts.ts';
import { bridge } from './bridge.ts';
import { cable } from './cable.ts';
import { dummy } from './dummy.ts';
import { ipoib } from './ipoib.ts';
import { ipvlan } from './ipvlan.ts';
import type { LinkKind, ResolvedAdd } from './kind.ts';
import { IFNAME_BYTES } from './limits.ts';
import { macvlan } from './macvlan.ts';
import { ovs } from './ovs.ts';
import { phys } from './phys.ts';

export const LINK_KINDS: readonly LinkKind[] = [bridge, ovs, macvlan, ipvlan, ipoib, phys, cable, dummy];

/**
 * Resolves a request: its kind, its parent's name, the name of its interface.
 *
 * @throws StateError when there is no such link, UsageError for words that the kind does not take
 */
export function resolveAdd(
  request: AddRequest,
  { link: parent, switchBridge, peer }: ParentFacts,
): { kind: LinkKind; resolved: ResolvedAdd } {
  const kind = chooseKind(request.parent, parent, switchBridge);
  checkWords(kind, request);
  const parentName =
    peer?.canonical ?? (parent && (kind.parentName?.(parent) ?? parent.ifname)) ?? nameOf(request.parent.link);
  const ofHost = request.container.runtime === 'host';
  const ifname = request.ifname ?? (ofHost ? hostIfname(parentName) : kind.defaultIfname);
  return { kind, resolved: { ...request, ifname, parentName } };
}

/** `host` as container: an interface for the host itself beside its containers'. */
function hostIfname(parentName: string): string {
  return Buffer.from(`nw-${parentName}`).subarray(0, IFNAME_BYTES).toString();
}

function chooseKind(
  { kind, link }: ParentRequest,
  parent: LinkFacts | null,
  switchBridge: SwitchBridgeFacts | null,
): LinkKind {
  const word = kind !== 'auto' ? kind : switchBridge !== null ? 'ovs' : kindOfLink(link, parent);
  const found = LINK_KINDS.find((one) => one.word === word);
  if (!found) throw new Error(`no link kind ${word}`);
  if (parent === null && !found.makesParent)
    throw new StateError('no-such-parent', `parent ${nameOf(link)}: no such link`);
  return found;
}

/** May PARENT mean an Open vSwitch bridge? Only then is the switch asked. */
export function maySwitch({ kind, link }: ParentRequest, parent: LinkFacts | null): boolean {
  if (kind !== 'auto') return kind === ovs.word;
  // With the datapath in ovs-vswitchd a bridge is a tap to the kernel.
  if (parent !== null) return parent.kind === 'openvswitch' || parent.kind === 'tun';
  return madeByName(link) === ovs;
}

/** Does PARENT mean a Linux bridge, as far as its words tell? */
export function mayBridge({ kind, link }: ParentRequest): boolean {
  return (kind === 'auto' ? madeByName(link)?.word : kind) === 'bridge';
}

/** The kind of link that is made when no link bears the name. */
function madeByName(link: LinkSelector): LinkKind | null {
  if (link.by !== 'name') return null;
  return LINK_KINDS.find((kind) => kind.madeByName?.test(link.name)) ?? null;
}

/** Is a link of that name made when there is none? */
export function isMadeByName(name: string): boolean {
  return madeByName({ by: 'name', name }) !== null;
}

function kindOfLink(link: LinkSelector, parent: LinkFacts | null): LinkKind['word'] {
  if (parent !== null) return parent.kind === 'bridge' ? 'bridge' : parent.infiniband ? 'ipoib' : 'macvlan';
  const name = nameOf(link);
  const made = madeByName(link);
  if (made) return made.word;
  const hint = link.by === 'name' ? `bridge:${name} makes a bridge of that name` : undefined;
  throw new StateError('no-such-parent', `parent ${name}: no such link`, hint);
}

/** A selector as it was written. */
function nameOf(link: LinkSelector): string {
  if (link.by === 'container') return link.container.name;
  return link.by === 'name' ? link.name : `${link.by}:${link.address}`;
}

function checkWords({ word, takes }: LinkKind, request: AddRequest): void {
  const refuse = (option: string, why: string, takesIt: (takes: LinkKind['takes']) => boolean) => {
    const others = LINK_KINDS.filter((one) => takesIt(one.takes)).map((one) => one.word);
    return new UsageError(
      `${option}: ${why}`,
      `leave it out; ${others.join(', ')} ${others.length > 1 ? 'take' : 'takes'} it`,
    );
  };
  if (request.mac !== null && !takes.mac)
    throw refuse(`MAC ${request.mac}`, `${word} has no MAC of its own to set`, ({ mac }) => mac);
  if (request.hostIfname !== null && !takes.hostIfname)
    throw refuse(
      `--host-ifname ${request.hostIfname}`,
      `${word} has no end on the host`,
      ({ hostIfname }) => hostIfname,
    );
  if (request.tag !== null && takes.tag === null)
    throw refuse(`@${request.tag}`, `${word} takes no VLAN`, ({ tag }) => tag === 'vlan');
  if (request.pkey !== null && takes.tag !== 'pkey')
    throw refuse(`--pkey ${request.pkey}`, `${word} is in no InfiniBand partition`, ({ tag }) => tag === 'pkey');
  if (request.ovsDatapath !== null && !takes.ovsDatapath)
    throw refuse(
      `--ovs-datapath ${request.ovsDatapath}`,
      `${word} is no Open vSwitch bridge`,
      (one) => one.ovsDatapath,
    );
  if (request.trunk !== null && !takes.trunk)
    throw refuse(`--trunk ${request.trunk}`, `${word} is no bridge port`, ({ trunk }) => trunk);
  checkWord('--mode', request.mode, word, ({ modes }) => modes);
  checkWord('--isolation', request.isolation, word, ({ isolations }) => isolations);
  if (request.container.runtime === 'host' && !takes.host)
    throw new UsageError(
      `container host: the host itself gets macvlan and ipvlan children, not ${word}`,
      request.parent.kind === 'veth'
        ? 'netwire help parents'
        : `ip addr add ADDRESS dev ${nameOf(request.parent.link)}`,
    );
}

function checkWord(
  option: string,
  given: string | null,
  kind: string,
  wordsOf: (takes: LinkKind['takes']) => readonly string[],
): void {
  if (given === null) return;
  const own = LINK_KINDS.find(({ word }) => word === kind);
  const words = own ? wordsOf(own.takes) : [];
  if (words.includes(given)) return;
  const why = words.length === 0 ? `${kind} takes no ${option}` : `the words for ${kind} are ${words.join(', ')}`;
  const other = LINK_KINDS.find(({ takes }) => wordsOf(takes).includes(given));
  const near = nearest(given, words);
  const hint =
    near !== null
      ? `${option} ${near}`
      : other
        ? `${other.word}:LINK takes it`
        : words[0] === undefined
          ? `leave out ${option}`
          : `${option} ${words[0]}`;
  throw new UsageError(`${option} ${JSON.stringify(given)}: ${why}`, hint);
}
