/** The verb `add`: gives a running container another interface. The process that waits for the lock is begun first, and gets ready while the rest is loaded. */
import { Machine } from '../host/machine.ts';
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
  return atWork(context, async (machine, interruption) => {
    const { attachAs } = await import('./add.ts');
    const { soleWork } = await import('./work.ts');
    return attachAs(request, soleWork(machine, context, interruption));
  });
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
