/** The verb `add`: gives a running container another interface. The process that waits for the lock is begun first, and gets ready while the rest is loaded. */
import { forwards, switchedOnFirewalls } from '../host/firewall.ts';
import { Machine } from '../host/machine.ts';
import { mayBridge } from '../link/index.ts';
import type { Interruption } from '../plan/transaction.ts';
import type { AddRequest } from '../request.ts';
import { atWork } from './at-work.ts';
import type { Context, Planned } from './context.ts';
import type { AddResult } from './result.ts';

/**
 * Attaches; the same request twice changes nothing.
 *
 * @throws a NetwireError; the machine is then as before, unless it is a LeftoverError
 */
export async function attach(request: AddRequest, context: Context): Promise<AddResult> {
  const work = async (machine: Machine, interruption: Interruption) => {
    const { attachAs } = await import('./add.ts');
    const { soleWork } = await import('./work.ts');
    return attachAs(request, soleWork(machine, context, interruption));
  };
  return atWork(context, work, false, likelyFirewalls(request));
}

/**
 * The firewalls that a bridge's ports will be asked of, as far as can be told by words: where the host routes, as
 * Docker's does.
 */
function likelyFirewalls({ parent, addresses }: AddRequest): string[] {
  if (!mayBridge(parent) || !forwards()) return [];
  return switchedOnFirewalls(addresses.map(({ family }) => family));
}

/** Plans the same, and changes nothing. Needs no privilege where the facts can be read without it. */
export async function planAttach(request: AddRequest, context: Context): Promise<Planned> {
  const machine = new Machine({ lockSeconds: null, trace: undefined });
  try {
    const { planAttachBy } = await import('./add.ts');
    const { dryWork } = await import('./work.ts');
    return await planAttachBy(request, dryWork(machine, context));
  } finally {
    machine.close();
  }
}
