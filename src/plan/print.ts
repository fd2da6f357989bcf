/** A plan as text: each line valid in a shell, in the order it would be run. */
import { NETNS_PATH, type Plan, type Step, type Word } from './step.ts';

/** Quotes a word for sh(1) when it needs quoting. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command as words, the namespace's path filled in. */
export function plainWords(command: readonly Word[], netnsPath: string): string[] {
  return command.map((word) => (word === NETNS_PATH ? netnsPath : word));
}

/** One command as a shell line; in the container's namespace by way of nsenter(1). */
export function commandLine(netns: Step['netns'], command: readonly Word[], netnsPath: string): string {
  const words = plainWords(command, netnsPath);
  const enter = netns === 'container' ? enterWords(netnsPath) : [];
  return [...enter, ...words].map(shellWord).join(' ');
}

/** Runs the words behind it in another network namespace (nsenter(1)). */
function enterWords(netnsPath: string): string[] {
  return ['nsenter', `--net=${netnsPath}`];
}

/** All lines of a plan. */
export function planLines(plan: Plan, netnsPath: string): string[] {
  return [...plan.steps, ...plan.cleanup].map(({ netns, command }) => commandLine(netns, command, netnsPath));
}

/** A plan as `--dry-run --json` prints it. */
export function planJson(plan: Plan, canonical: string, netnsPath: string) {
  return {
    steps: [...plan.steps, ...plan.cleanup].map(({ netns, command, undo, undoNetns }) => ({
      netns: netns === 'host' ? 'host' : canonical,
      command: plainWords(command, netnsPath),
      // Words that can be run where the command was.
      undo: undo && [...(undoNetns === 'container' ? enterWords(netnsPath) : []), ...plainWords(undo, netnsPath)],
    })),
  };
}
