/**
 * What OCI runtimes write down of a container, one directory each below their root: runc's
 * state.json (libcontainer), crun's status. Both tell when the process was started, so that a PID
 * that was given to another one meanwhile is seen.
 */
import { hasEnded, processStat } from '../host/process-stat.ts';
import { readStateJson } from '../host/state-file.ts';

export type OciState = { readonly pid: number } | { readonly status: 'stopped' };

/** @returns null when there is no such container */
export function ociState(directory: string): OciState | null {
  const init = initProcess(readStateJson(`${directory}/state.json`) ?? readStateJson(`${directory}/status`));
  if (init === null) return null;
  const stat = processStat(init.pid);
  if (hasEnded(stat) || stat?.started !== init.started) return { status: 'stopped' };
  return { pid: init.pid };
}

/** @param state either runtime's; null when it is neither's */
export function initProcess(state: unknown): { readonly pid: number; readonly started: number } | null {
  if (typeof state !== 'object' || state === null) return null;
  const known = state as Record<string, unknown>;
  const pid = known.init_process_pid ?? known.pid;
  const started = known.init_process_start ?? known['process-start-time'];
  if (typeof pid !== 'number' || typeof started !== 'number' || pid <= 0) return null;
  return { pid, started };
}
