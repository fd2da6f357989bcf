/**
 * Every runtime, one line each. A namespace that several know (Docker's containers are containerd's
 * as well) is called by the first of them.
 */
import { containerd } from './containerd.ts';
import { cri } from './cri.ts';
import { crun } from './crun.ts';
import { docker } from './docker.ts';
import { incus } from './incus.ts';
import { lxc } from './lxc.ts';
import { lxd } from './lxd.ts';
import { netns } from './netns.ts';
import { nspawn } from './nspawn.ts';
import { pid } from './pid.ts';
import { podman } from './podman.ts';
import { runc } from './runc.ts';
import type { Runtime } from './runtime.ts';

const INDEX = [docker, podman, cri, lxd, incus, lxc, nspawn, containerd, runc, crun, netns, pid] as const;

/** The words that may stand before a container's name. */
export type RuntimeWord = (typeof INDEX)[number]['word'];

export type IndexedRuntime = Runtime & { readonly word: RuntimeWord };

export const RUNTIMES: readonly IndexedRuntime[] = INDEX;

/** A word that is a path is one of these; a process that nobody knows is called by the last one. */
export const PATH_RUNTIME = netns.word;
export const PROCESS_RUNTIME = pid.word;
