/** Questions to a conversation, asked until the answer is whole. */
import { OWN_PROTOCOL } from '../address/own-routes.ts';
import { StateError } from '../errors.ts';
import type { Answer } from './ip-answer.ts';
import { LOCK_TIMEOUT_STATUS } from './lock.ts';
import { SessionEnded } from './pipes.ts';
import type { Session } from './session.ts';

/** What ip says when links came or went while it listed them, and how often it is asked then. */
const INTERRUPTED_DUMP = /Dump was interrupted/;
const READ_TRIES = 10;

/**
 * Asks one thing. A dump that something else changed meanwhile is asked for again.
 *
 * @throws StateError when the process ended, or did not get the lock
 */
export async function ask(session: Session, words: readonly string[]): Promise<Answer> {
  const [answer] = await askAll(session, [words]);
  if (!answer) throw new Error('no answer');
  return answer;
}

/** The same for several things. */
export async function askAll(session: Session, questions: readonly (readonly string[])[]): Promise<Answer[]> {
  try {
    const isInterrupted = (answer: Answer) => answer.ok && INTERRUPTED_DUMP.test(answer.warning);
    let answers = await session.readAll(questions);
    for (let tries = 1; tries < READ_TRIES && answers.some(isInterrupted); tries++)
      answers = await session.readAll(questions);
    return answers;
  } catch (error) {
    if (!(error instanceof SessionEnded)) throw error;
    if (error.status === LOCK_TIMEOUT_STATUS)
      throw new StateError('busy', 'another netwire is at work and did not end in time', '--timeout SECONDS');
    throw new StateError('facts', `reading the machine's network: ${error.message}`, undefined, { cause: error });
  }
}

/** What is asked of a container: its links (all, or the one of that name) and its ways out. */
export function questionsOf(ifname: string | undefined): string[][] {
  return [
    ['addr', 'show', ...(ifname === undefined ? [] : ['dev', ifname])],
    ['route', 'show', 'exact', 'default', 'table', 'all'],
    ['route', 'show', 'table', 'all', 'proto', OWN_PROTOCOL],
  ];
}
