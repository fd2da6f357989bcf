/** A process by its number: what digits are that nobody else knows. */
import { isThere } from '../host/state-file.ts';
import type { Found, Runtime } from './runtime.ts';

/** A PID has at most seven digits (proc_sys_kernel(5), pid_max); ten are what fits its type. */
const PID = /^[1-9]\d{0,9}$/;

export const pid = {
  word: 'pid',
  about: 'a process: digits that nobody else knows',
  scope: null,
  async find(name): Promise<Found[]> {
    return isThere(`/proc/${name}`) ? found(name) : [];
  },
  async search(name): Promise<Found[]> {
    return found(name);
  },
  async list() {
    return [];
  },
  refuses(name) {
    return PID.test(name) ? null : 'a PID is a positive number';
  },
} as const satisfies Runtime;

function found(name: string): Found[] {
  return PID.test(name) ? [{ state: 'running', name, id: null, pid: Number(name) }] : [];
}
