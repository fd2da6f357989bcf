/** The users of the machine, as far as its own files know them (passwd(5), subuid(5)). */
import type { IdRange } from './process-stat.ts';
import { readStateFile } from './state-file.ts';
import { variable } from './variables.ts';

export interface User {
  readonly uid: number;
  readonly name: string;
  readonly home: string;
}

/** Who typed the command: behind sudo(8) and pkexec(1) not the user it runs as. */
export function callingUid(): number {
  const word = variable('SUDO_UID') ?? variable('PKEXEC_UID') ?? '';
  const own = process.getuid?.() ?? 0;
  return own === 0 && /^\d+$/.test(word) ? Number(word) : own;
}

/** @returns null when /etc/passwd does not have that user */
export function userByUid(uid: number): User | null {
  return parseUsers(readStateFile('/etc/passwd') ?? '').find((user) => user.uid === uid) ?? null;
}

/** @param text as in passwd(5) */
export function parseUsers(text: string): User[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, , , home] = line.split(':');
    return name && home?.startsWith('/') && uid && /^\d+$/.test(uid) ? [{ uid: Number(uid), name, home }] : [];
  });
}

/** The user IDs that a user may give to the users of his containers, his own among them. */
export function usersLentTo({ uid, name }: User): IdRange[] {
  return [{ first: uid, count: 1 }, ...parseSubordinates(readStateFile('/etc/subuid') ?? '', { uid, name })];
}

/** @param text as in subuid(5) */
export function parseSubordinates(text: string, { uid, name }: Pick<User, 'uid' | 'name'>): IdRange[] {
  return text.split('\n').flatMap((line) => {
    const [owner, first, count] = line.split(':');
    return owner === name || owner === String(uid) ? [{ first: Number(first), count: Number(count) }] : [];
  });
}
