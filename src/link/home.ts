/**
 * Home: where a moved link belongs. Its mark keeps what the kernel forgets, so that it can be given
 * back, even after its container died and the kernel returned it under another name.
 */
import type { HostSide, LinkFacts, MovedFacts, Wiphy } from '../facts.ts';
import { inContainer, onHost, type Step } from '../plan/step.ts';
import { isIfname } from './ifname.ts';
import { ALIAS_BYTES, decoded, isOurs, MARK_ROOM } from './mark.ts';
import { DEFAULT_GROUP } from './unfinished.ts';

export interface Home {
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  /** The alias somebody gave it; null: none, or one too long to be kept. */
  readonly alias: string | null;
  /** Its wireless device; null: no Wi-Fi. */
  readonly phy: string | null;
  /** Its place on the PCI bus; null: none. */
  readonly pci: string | null;
  /** Its group, ip-link(8). */
  readonly group: string;
}

/** The words of a mark. */
export function homeWords({ name, mac, mtu, up, alias, phy, pci, group }: Home): string[] {
  const words = [`home=${encodeURIComponent(name)}`, `mac=${mac}`, `mtu=${mtu}`, ...(up ? ['up'] : [])];
  if (phy !== null) words.push(`phy=${encodeURIComponent(phy)}`);
  if (pci !== null) words.push(`pci=${pci}`);
  if (group !== DEFAULT_GROUP) words.push(`group=${encodeURIComponent(group)}`);
  return alias === null ? words : [...words, `alias=${encodeURIComponent(alias)}`];
}

/**
 * Where a link belongs that is about to be moved.
 *
 * @param others words that its mark shall have room for besides
 */
export function homeOf({ link, wiphy, pci }: MovedFacts, others: readonly string[]): Home {
  // One that is back from a container that died, or that a killed netwire never moved, keeps its home.
  const marked = markedHome(link.alias);
  if (marked !== null) return marked;
  const { ifname, address, mtu, up, alias, group } = link;
  const home = { name: ifname, mac: address, mtu, up, alias, phy: wiphy?.name ?? null, pci, group };
  const fits = [...homeWords(home), ...others].join(' ').length + MARK_ROOM <= ALIAS_BYTES;
  return fits ? home : { ...home, alias: null };
}

/**
 * What a link's mark says of its home; null when it was not moved. A container that may administer
 * its links can write any mark: what it says is checked like any input.
 */
export function markedHome(alias: string | null): Home | null {
  if (alias === null || !isOurs(alias)) return null;
  const words = alias.split(' ');
  const word = (key: string) => {
    const found = words.find((one) => one.startsWith(`${key}=`));
    return found === undefined ? null : decoded(found.slice(key.length + 1));
  };
  const [name, mac, mtu] = [word('home'), word('mac'), Number(word('mtu'))];
  if (name === null || !isIfname(name) || mac === null || !MAC.test(mac) || !(mtu > 0)) return null;
  return {
    ...{ name, mac, mtu, up: words.includes('up'), alias: word('alias') },
    ...{ phy: word('phy'), pci: word('pci'), group: word('group') ?? DEFAULT_GROUP },
  };
}

const MAC = /^[\da-f]{2}(:[\da-f]{2})+$/;

/** The home of a link in a container. A host end that bears its mark says more: then it is a port's other end. */
export function homeOfMoved({ alias }: LinkFacts, { end }: HostSide): Home | null {
  return end === null ? markedHome(alias) : null;
}

/** Takes the link into the container under its name there. It must be down. */
export function moveSteps(link: LinkFacts, ifname: string, wiphy: Wiphy | null, pid: number | null): Step[] {
  const { ifname: name } = link;
  if (wiphy === null)
    return [
      {
        ...onHost(['ip', 'link', 'set', 'dev', name, 'netns', { path: 'container' }, 'name', ifname]),
        undo: homeCommand(ifname, name),
        undoNetns: 'container',
        returns: true,
      },
    ];
  const move = ['iw', 'phy', wiphy.name, 'set', 'netns'];
  return [
    {
      ...onHost([...move, String(pid)]),
      undo: [...move, String(wiphy.hostPid)],
      undoNetns: 'container',
      returns: true,
    },
    ...(name === ifname ? [] : [inContainer(renameWords(name, ifname), renameWords(ifname, name))]),
  ];
}

function homeCommand(ifname: string, name: string): Exclude<Step['undo'], null> {
  return ['ip', 'link', 'set', 'dev', ifname, 'netns', { path: 'host' }, 'name', name];
}

function renameWords(from: string, to: string): string[] {
  return ['ip', 'link', 'set', 'dev', from, 'name', to];
}

/** Brings a link home from its container; its addresses there are gone then. */
export function homecomingSteps(link: LinkFacts, home: Home, hostPid: number): Step[] {
  const { ifname } = link;
  if (home.phy === null)
    return [
      {
        ...inContainer(homeCommand(ifname, home.name)),
        undo: ['ip', 'link', 'set', 'dev', home.name, 'netns', { path: 'container' }, 'name', ifname],
        undoNetns: 'host',
      },
    ];
  const set = ['ip', 'link', 'set', 'dev', ifname];
  return [
    inContainer([...set, 'down'], [...set, 'up']),
    ...(ifname === home.name ? [] : [inContainer(renameWords(ifname, home.name), renameWords(home.name, ifname))]),
    inContainer(['iw', 'phy', home.phy, 'set', 'netns', String(hostPid)]),
  ];
}

/** At home: all that the mark says it was before, and the mark gone. */
export function settleSteps(link: LinkFacts, home: Home): Step[] {
  const set = (...words: string[]) => onHost(['ip', 'link', 'set', 'dev', home.name, ...words]);
  return [
    ...(link.address === home.mac ? [] : [set('address', home.mac)]),
    ...(link.mtu === home.mtu ? [] : [set('mtu', String(home.mtu))]),
    set('alias', home.alias ?? '', 'group', home.group),
    ...(home.up ? [set('up')] : []),
  ];
}

/** On the host already, because its container died or netwire was killed: under its own name again. */
export function returnSteps(link: LinkFacts, home: Home): Step[] {
  const rename =
    link.ifname === home.name
      ? []
      : [onHost(['ip', 'link', 'set', 'dev', link.ifname, 'down']), onHost(renameWords(link.ifname, home.name))];
  return [...rename, ...settleSteps(link, home)];
}
