/** How a verb does its work: on which machine, where it finds containers, and what becomes of its plans. */
import type { Machine } from '../host/machine.ts';
import type { Plan } from '../plan/step.ts';
import { carryOut, type Interruption } from '../plan/transaction.ts';
import type { ContainerRequest } from '../request.ts';
import { LOOKUP_SECONDS, openTarget, type Target } from '../target/index.ts';
import type { Context } from './context.ts';

export interface Work {
  readonly machine: Machine;
  readonly context: Context;
  /** @throws ContainerError when there is no such container */
  open(container: ContainerRequest): Promise<Target>;
  /** @param verify looks at the result, and may do more of the same: it is undone along with the plan */
  carry(plan: Plan, verify?: (more: (plan: Plan) => Promise<void>) => Promise<void>): Promise<void>;
  /** The signals that came; null: nothing is done that one could end. */
  readonly interruption: Interruption | null;
  /** Carries out what is no part of the work: taking away what a killed netwire left; null: nothing may be changed. */
  readonly sweep: ((plan: Plan) => Promise<void>) | null;
  /** What is taken back is set aside, its ends on the host in a group, and goes when all the rest is done; null: it goes at once. */
  readonly asideGroup: string | null;
}

/** One plan at a time, each for itself. */
export function soleWork(machine: Machine, context: Context, interruption: Interruption): Work {
  const carry: Work['carry'] = (plan, verify) => carryOut(plan, machine, interruption, verify);
  return {
    machine,
    context,
    open: (container) => openNow(container, context),
    carry,
    interruption,
    sweep: carry,
    asideGroup: null,
  };
}

/** For plans that are made and not carried out. */
export function dryWork(machine: Machine, context: Context): Work {
  const carry: Work['carry'] = () => Promise.reject(new Error('a dry run carries nothing out'));
  return {
    machine,
    context,
    open: (container) => openNow(container, context),
    carry,
    interruption: null,
    sweep: null,
    asideGroup: null,
  };
}

function openNow(container: ContainerRequest, { timeout }: Context): Promise<Target> {
  return openTarget(container, timeout ?? LOOKUP_SECONDS);
}
