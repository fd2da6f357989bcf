/** DHCP clients: which are installed, and which are at work (bin/netwire-dhcp keeps each). */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DhcpClientFacts } from '../facts.ts';
import { DHCP_CLIENTS, type DhcpClient, type Family } from '../family.ts';
import { inodeAt } from '../target/inode.ts';
import { findInSystem } from './environment.ts';
import { commandLineOf, processStat } from './process-stat.ts';
import { namesIn, ownerOf, readStateFile } from './state-file.ts';

declare const __dirname: string | undefined;

/** The program that keeps a client at work. */
export function dhcpProgram(): string {
  // In the bundle; the tests load the sources.
  const here = typeof __dirname === 'string' ? __dirname : process.cwd();
  const [found] = [here, path.dirname(here)].map((one) => path.join(one, 'bin/netwire-dhcp')).filter(existsSync);
  return found ?? 'netwire-dhcp';
}

export function installedDhcpClients(): DhcpClient[] {
  return DHCP_CLIENTS.filter((client) => findInSystem(client) !== null);
}

/** Where the words for the client's keeper begin in its command line: the shell, the program, "run". */
const WORD_AT = 3;

/**
 * The clients at work in a namespace, by their keepers' command lines, or by their files where a keeper was
 * killed.
 *
 * @param netns inode
 */
export function dhcpClients(netns: number | null): DhcpClientFacts[] {
  const kept = keptClients(netns);
  const orphans = foldersBelow('/run').filter(
    (folder) => folder.netns === netns && !kept.some(({ dir }) => dir === folder.dir) && clientIn(folder) !== null,
  );
  return [
    ...kept,
    ...orphans.map(({ family, dir, ifname }) => ({
      ...{ family, dir, ifname, program: dhcpProgram(), words: [], isKept: false, isAwaited: false },
    })),
  ];
}

/** @param netns inode; null: in all */
function keptClients(netns: number | null): DhcpClientFacts[] {
  return namesIn('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const words = commandLineOf(pid);
      const [, six] = /^netwire-dhcp(6?):/.exec(words[WORD_AT] ?? '') ?? [];
      if (six === undefined || words[WORD_AT - 1] !== 'run') return [];
      const inode = inodeAt(`/proc/${pid}/ns/net`);
      if (inode === null || (netns !== null && inode !== netns) || !isOurProcess(pid)) return [];
      const [dir = '', caller = '', ...own] = words.slice(WORD_AT + 1);
      const isWaiting = caller !== '0' && !existsSync(`${dir}/done`);
      return [
        {
          ...{ family: familyOf(six), ifname: own[0] ?? '', program: dhcpProgram(), words: own, dir, isKept: true },
          // What it was begun by is there to wait for its lease.
          isAwaited: isWaiting && existsSync(`/proc/${caller}`),
        },
      ];
    });
}

/** Of this user, and in no PID or mount namespace of a container's, where anything may give itself any command line. */
function isOurProcess(pid: string): boolean {
  const isSame = (kind: string) => inodeAt(`/proc/${pid}/ns/${kind}`) === inodeAt(`/proc/self/ns/${kind}`);
  return ownerOf(`/proc/${pid}`) === process.getuid?.() && isSame('pid') && isSame('mnt');
}

/** Where clients' files are; bin/netwire-dhcp makes a folder for each. */
const FOLDER = /^netwire-dhcp(6?)\.(\d+)\.(.+)$/;

function familyOf(six: string): Family {
  return six === '' ? 'inet' : 'inet6';
}

/** A client whose keeper was killed and whose container or interface is gone; `pid` null: only its folder is left. */
interface StrayClient {
  readonly dir: string;
  readonly pid: number | null;
  readonly ifname: string;
}

export function strayDhcpClients(): StrayClient[] {
  const folders = foldersBelow('/run');
  if (folders.length === 0) return [];
  const kept = new Set(keptClients(null).map(({ dir }) => dir));
  return folders.flatMap((folder): StrayClient[] => {
    const { dir, netns, ifname } = folder;
    if (kept.has(dir)) return [];
    const pid = clientIn(folder);
    if (pid === null) return [{ dir, pid, ifname }];
    const hasLink = (readStateFile(`/proc/${pid}/net/dev`) ?? '').includes(` ${ifname}:`);
    const isThere = inodeAt((readStateFile(`${dir}/netns`) ?? '').trim()) === netns;
    return hasLink && isThere ? [] : [{ dir, pid, ifname }];
  });
}

interface Folder {
  readonly family: Family;
  readonly dir: string;
  readonly netns: number;
  readonly ifname: string;
}

function foldersBelow(base: string): Folder[] {
  return namesIn(base).flatMap((name) => {
    const [, six = '', netns, ifname] = FOLDER.exec(name) ?? [];
    if (ifname === undefined) return [];
    return [{ family: familyOf(six), dir: `${base}/${name}`, netns: Number(netns), ifname }];
  });
}

/** The client that a folder is for, if it still runs. */
function clientIn({ dir, netns }: Folder): number | null {
  const pid = Number(readStateFile(`${dir}/client`) ?? '');
  const runs = pid > 0 && inodeAt(`/proc/${pid}/ns/net`) === netns;
  return runs && DHCP_CLIENTS.some((client) => client === processStat(pid)?.comm) ? pid : null;
}
