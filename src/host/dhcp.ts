/** DHCP clients: which are installed, and which are at work (bin/netwire-dhcp keeps each). */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { DhcpClientFacts } from '../facts.ts';
import { DHCP_CLIENTS, type DhcpClient } from '../request.ts';
import { inodeAt } from '../target/inode.ts';
import { findInSystem } from './environment.ts';
import { commandLineOf } from './process-stat.ts';

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
 * The clients at work in a namespace, by their keepers' command lines.
 *
 * @param netns inode; null: in all
 */
export function dhcpClients(netns: number | null): DhcpClientFacts[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const words = commandLineOf(pid);
      if (!words[WORD_AT]?.startsWith('netwire-dhcp:') || words[WORD_AT - 1] !== 'run') return [];
      const inode = inodeAt(`/proc/${pid}/ns/net`);
      if (inode === null || (netns !== null && inode !== netns)) return [];
      const [dir = '', caller = '', ...own] = words.slice(WORD_AT + 1);
      const isWaiting = caller !== '0' && !existsSync(`${dir}/done`);
      return [
        {
          ...{ ifname: own[0] ?? '', program: words[1] ?? '', words: own },
          // What it was begun by is there to wait for its lease.
          isAwaited: isWaiting && existsSync(`/proc/${caller}`),
        },
      ];
    });
}
