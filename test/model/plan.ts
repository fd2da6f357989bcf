/** From a command line and facts to a plan, as the verb `add` does it. */
import { addRequest } from '../../src/cli/add.ts';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import type { AddFacts } from '../../src/facts.ts';
import { resolveAdd } from '../../src/link/index.ts';
import { type AddPlan, planAdd } from '../../src/plan/add.ts';
import { addFacts } from './facts.ts';

/** @param line without `netwire`, words parted by spaces */
export function resolvedOf(line: string, facts: AddFacts) {
  return resolveAdd(addRequest(parseCommandLine(line.split(' '))), {
    link: facts.parent,
    switchBridge: facts.switchBridge,
    peer: facts.peer?.target ?? null,
  });
}

/** @param line likewise */
export function planOf(line: string, facts: AddFacts = addFacts()): AddPlan {
  const { kind, resolved } = resolvedOf(line, facts);
  return planAdd(kind, resolved, facts);
}
