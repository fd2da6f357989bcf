/** One line of a batch: what it is about, and its place in what is said of it. */
import { LeftoverError, NetwireError } from '../errors.ts';
import type { Machine } from '../host/machine.ts';
import type { BatchLine, ContainerRequest } from '../request.ts';
import type { Context } from './context.ts';

export function containerOf({ add, del }: BatchLine): ContainerRequest {
  return add ? add.container : del.container;
}

/** The containers at the other end of a line's cable are no others'. */
export function leaveCable(machine: Machine): void {
  machine.leave('peer');
  machine.leave('far');
}

export function inContext({ place }: BatchLine, context: Context): Context {
  return { ...context, warn: (message) => context.warn(`${place}: ${message}`) };
}

export async function inLine<T>(line: BatchLine, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw named(error, line, false);
  }
}

/** @param wasBegun earlier lines will be undone */
export function named(error: unknown, { place }: BatchLine, wasBegun: boolean): unknown {
  if (!(error instanceof NetwireError)) return error;
  error.message = `${place}: ${error.message}`;
  const isTold = error instanceof LeftoverError || /everything was undone$/.test(error.message);
  if (wasBegun && !isTold) error.message += '; everything was undone';
  return error;
}
