/** A plan as text: each line valid in a shell, in the order it would be run. */
import type { PlannedSteps } from '../documents.ts';
import type { Place, Places, Plan, Word } from './step.ts';

/** Quotes a word for sh(1) when it needs quoting. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * A command as words, the namespaces' paths filled in.
 *
 * @param pathOf the path to a place
 */
export function plainWords(command: readonly Word[], pathOf: (place: Place) => string): string[] {
  return command.map((word) => (typeof word === 'string' ? word : pathOf(word.path)));
}

/** One command as a shell line; in a container's namespace by way of nsenter(1). */
export function commandLine(netns: Place, command: readonly Word[], places: Places): string {
  const enter = netns === 'host' ? [] : enterWords(netns, places);
  return [...enter, ...plainWords(command, printedPath(places))].map(shellWord).join(' ');
}

/** Runs the words behind it in another network namespace (nsenter(1)). */
function enterWords(netns: Place, places: Places): string[] {
  return ['nsenter', `--net=${printedPath(places)(netns)}`];
}

function printedPath(places: Places): (place: Place) => string {
  return (place) => {
    const found = places[place];
    if (!found) throw new Error(`a plan without a ${place} names it`);
    return found.path;
  };
}

/** All lines of a plan. */
export function planLines(plan: Plan, places: Places): string[] {
  return [...plan.steps, ...plan.cleanup].map(({ netns, command }) => commandLine(netns, command, places));
}

/** Plans as `--dry-run --json` prints them. */
export function plansJson(planned: readonly { readonly plan: Plan; readonly places: Places }[]): PlannedSteps {
  return { steps: planned.flatMap(({ plan, places }) => planJson(plan, places).steps) };
}

/** One of them. */
export function planJson(plan: Plan, places: Places): PlannedSteps {
  const path = printedPath(places);
  return {
    steps: [...plan.steps, ...plan.cleanup].map(({ netns, command, undo, undoNetns = netns }) => ({
      netns: places[netns]?.name ?? netns,
      command: plainWords(command, path),
      // Words that can be run where the command was.
      undo: undo && [...(undoNetns === netns ? [] : enterWords(undoNetns, places)), ...plainWords(undo, path)],
    })),
  };
}
