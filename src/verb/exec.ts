/** The verb `exec`: runs a command in a container's network namespace, and in nothing else of it. */
import { NotRunError } from '../errors.ts';
import { runInNetns, whyNotRunnable } from '../host/foreground.ts';
import type { ExecRequest } from '../request.ts';
import { LOOKUP_SECONDS, openTarget } from '../target/index.ts';
import { assertMayAdminister, type Context } from './context.ts';

/** Statuses of env(1), docker(1) and podman(1) for a command that is there and cannot run, or is not there. */
const NOT_EXECUTABLE = 126;
const ABSENT = 127;

/**
 * Runs the command with the caller's terminal, environment and directory, and the host's files.
 *
 * @returns its exit status; 128 and the signal's number when a signal ended it
 * @throws NetwireError when there is no such container, or no such command
 */
export async function execute({ container, command }: ExecRequest, context: Context): Promise<number> {
  assertMayAdminister();
  const [program = ''] = command;
  const { held } = await openTarget(container, context.timeout ?? LOOKUP_SECONDS);
  switch (whyNotRunnable(program)) {
    case 'absent':
      throw new NotRunError(ABSENT, 'no-such-command', `${program}: no such command on the host`);
    case 'not-executable':
      throw new NotRunError(NOT_EXECUTABLE, 'not-executable', `${program}: it is not executable`);
    case null:
      return runInNetns(held, command);
  }
}
