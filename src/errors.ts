/**
 * The errors netwire ends with, and the exit status of each.
 *
 * Every message is "WHAT: WHY": what was tried, then why it failed. A hint is the command or the
 * word that helps; `main.ts` prints it behind "try:". `code` is for programs (`--json`).
 */

/** Exit statuses, as the man page lists them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  container: 3,
  permission: 4,
  leftovers: 5,
  /** `exec`: as env(1), docker(1) and podman(1) have them. */
  notRun: 125,
  notExecutable: 126,
  absent: 127,
} as const;

/** What each status says, for the help; signals and `exec` have statuses that are no errors of netwire's. */
export const EXIT_STATUSES: readonly (readonly [status: string, meaning: string])[] = [
  [`${EXIT.done}`, 'done, or nothing to do'],
  [`${EXIT.failed}`, "the machine's state forbids it, or a step failed: all is as it was"],
  [`${EXIT.usage}`, 'the words are wrong; nothing was tried'],
  [`${EXIT.container}`, "no such container, several, not running, or in the host's namespace"],
  [`${EXIT.permission}`, 'not permitted'],
  [`${EXIT.leftovers}`, 'failed, and undoing was not complete: what is left is listed'],
  ['129, 130, 143', 'SIGHUP, SIGINT, SIGTERM; everything was undone'],
];

/** `exec`, `route`, `rule` and `tc`: the command's own, but for these. */
export const EXEC_STATUSES: typeof EXIT_STATUSES = [
  [`${EXIT.notRun}`, 'exec: the command was not run'],
  [`${EXIT.notExecutable}`, 'the command is not executable'],
  [`${EXIT.absent}`, 'there is no such command'],
  ['128 + N', 'signal N ended the command'],
];

export class NetwireError extends Error {
  constructor(
    message: string,
    readonly exitStatus: number,
    readonly code: string,
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The words are wrong, whatever the machine's state; nothing was tried. */
export class UsageError extends NetwireError {
  constructor(message: string, hint?: string) {
    super(message, EXIT.usage, 'usage', hint);
  }
}

/** The machine's state forbids it, or a step failed and everything was undone. */
export class StateError extends NetwireError {
  constructor(code: string, message: string, hint?: string, options?: ErrorOptions) {
    super(message, EXIT.failed, code, hint, options);
  }
}

/** No such container, several of them, one that does not run or lives in the host's namespace. */
export class ContainerError extends NetwireError {
  constructor(code: string, message: string, hint?: string) {
    super(message, EXIT.container, code, hint);
  }
}

/** The code of a PermissionError, whatever its status. */
export const NOT_PERMITTED = 'not-permitted';

/** The kernel or a socket does not let this user do it. */
export class PermissionError extends NetwireError {
  constructor(message: string, hint?: string) {
    super(message, EXIT.permission, NOT_PERMITTED, hint);
  }
}

/** Something failed and could not be taken back whole; `left` holds a command for each remainder. */
export class LeftoverError extends NetwireError {
  constructor(
    message: string,
    readonly left: readonly string[],
    options?: ErrorOptions,
  ) {
    super(message, EXIT.leftovers, 'incomplete-undo', left.join('; '), options);
  }
}

/** SIGINT, SIGTERM or SIGHUP came before the last step, or the module's caller aborted; everything was undone. */
export class InterruptedError extends NetwireError {
  constructor(message: string, signalNumber: number, options?: ErrorOptions) {
    super(message, 128 + signalNumber, 'interrupted', undefined, options);
  }
}

/** `exec` did not run its command: a status apart from those that commands end with. */
export class NotRunError extends NetwireError {
  /** The same error with `exec`'s status. */
  static because({ message, code, hint, cause }: NetwireError): NotRunError {
    return new NotRunError(EXIT.notRun, code, message, hint, { cause });
  }

  constructor(status: number, code: string, message: string, hint?: string, options?: ErrorOptions) {
    super(message, status, code, hint, options);
  }
}
