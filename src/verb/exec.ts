/** The verb `exec`: runs a command in a container's network namespace, and in nothing else of it. */
import { EXIT, NotRunError } from '../errors.ts';
import { runInNetns, whyNotRunnable } from '../host/foreground.ts';
import type { ExecRequest } from '../request.ts';
import { LOOKUP_SECONDS, openTarget } from '../target/index.ts';
import { assertMayAdminister, type Context } from './context.ts';

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
      throw new NotRunError(EXIT.absent, 'no-such-command', `${program}: no such command on the host`);
    case 'not-executable':
      throw new NotRunError(EXIT.notExecutable, 'not-executable', `${program}: it is not executable`);
    case null:
      return runInNetns(held, command);
  }
}
