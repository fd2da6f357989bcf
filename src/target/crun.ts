/** Containers of crun(1), by what it writes below its root. */
import { ociRuntime } from './oci-runtime.ts';

export const crun = ociRuntime('crun');
