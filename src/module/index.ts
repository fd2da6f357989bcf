/**
 * The module `netwire`, for scripts and test suites: the functions that the verbs of the command call, with the same
 * words, the same documents as `--json`, and the same errors.
 *
 * Nothing is printed, no signal is caught, and the process never ends here. Of the environment that counts which counts
 * for the command (DOCKER_HOST and the like, PATH); the working directory does not. Calls may run at once: those that
 * change something wait for each other, as commands do.
 */
import type { Attachment } from '../attachment.ts';
import { addRequest } from '../cli/add.ts';
import { delRequest } from '../cli/del.ts';
import { seconds } from '../cli/option-values.ts';
import { showRequest } from '../cli/show.ts';
import type { Attached, Detached, PlannedSteps } from '../documents.ts';
import { plansJson } from '../plan/print.ts';
import * as attaching from '../verb/attach.ts';
import type { Context } from '../verb/context.ts';
import * as detaching from '../verb/del.ts';
import { attachedJson } from '../verb/result.ts';
import * as showing from '../verb/show.ts';
import { untilAborted } from './abort.ts';
import type { AttachWords, DetachWords, Settings, ShowWords, WorkSettings } from './asked.ts';
import { attachLine, detachLine, showLine } from './words.ts';

export type { Attachment, Kind } from '../attachment.ts';
export type { Attached, Detached, PlannedStep, PlannedSteps } from '../documents.ts';
export {
  ContainerError,
  InterruptedError,
  LeftoverError,
  NetwireError,
  PermissionError,
  StateError,
  UsageError,
} from '../errors.ts';
export type { DhcpClient, Family } from '../family.ts';
export type {
  AbortSignalLike,
  AttachWords,
  DetachWords,
  PeerWords,
  Settings,
  ShowWords,
  WorkSettings,
} from './asked.ts';

/**
 * Gives a running container another interface: `netwire add`. The same again changes nothing.
 *
 * @returns the interface as the kernel tells of it, and whether anything was changed
 * @throws NetwireError; the machine is then as before, unless it is a LeftoverError
 */
export async function attach(words: AttachWords, settings: WorkSettings = {}): Promise<Attached> {
  const request = addRequest(attachLine(words));
  return untilAborted(settings.signal, async (watch) =>
    attachedJson(await attaching.attach(request, contextOf(settings, watch))),
  );
}

/**
 * Plans the same and changes nothing: `netwire add --dry-run`. Needs no privilege where all can be read without.
 *
 * @returns the commands in order, each with the one that takes it back; none where all is as asked
 * @throws NetwireError
 */
export async function planAttach(words: AttachWords, settings: Settings = {}): Promise<PlannedSteps> {
  const request = addRequest(attachLine(words));
  return plansJson([await attaching.planAttach(request, contextOf(settings))]);
}

/**
 * Takes back an interface: `netwire del`; with `all` all that netwire made in the container. What is gone already is a
 * success.
 *
 * @returns what was taken back, with `all` a list of such
 * @throws NetwireError; the machine is then as before but for those that were taken back earlier, unless it is a
 *   LeftoverError
 */
export async function detach(words: DetachWords & { readonly all: true }, settings?: WorkSettings): Promise<Detached[]>;
export async function detach(
  words: DetachWords & { readonly all?: false | undefined },
  settings?: WorkSettings,
): Promise<Detached>;
export async function detach(words: DetachWords, settings?: WorkSettings): Promise<Detached | Detached[]>;
export async function detach(words: DetachWords, settings: WorkSettings = {}): Promise<Detached | Detached[]> {
  const request = delRequest(detachLine(words));
  const results = await untilAborted(settings.signal, (watch) => detaching.detach(request, contextOf(settings, watch)));
  const [result] = results;
  if (request.all) return results;
  if (result === undefined) throw new Error('nothing was told of what was taken back');
  return result;
}

/**
 * Plans the same and changes nothing: `netwire del --dry-run`.
 *
 * @throws NetwireError
 */
export async function planDetach(words: DetachWords, settings: Settings = {}): Promise<PlannedSteps> {
  return plansJson(await detaching.planDetach(delRequest(detachLine(words)), contextOf(settings)));
}

/**
 * Lists the interfaces of a container or of all, netwire's and others': `netwire show`.
 *
 * @throws NetwireError
 */
export async function show(words: ShowWords = {}, settings: Settings = {}): Promise<Attachment[]> {
  return showing.show(showRequest(showLine(words)), contextOf(settings));
}

/** @throws UsageError for a time that is none */
function contextOf({ timeout, onWarning, onCommand }: WorkSettings, watch?: Context['watch']): Context {
  return {
    timeout: timeout === undefined ? null : seconds('timeout', String(timeout)),
    trace: onCommand,
    warn: onWarning ?? (() => {}),
    watch: watch ?? (() => ({ signal: null, impatient: false })),
  };
}
