/** Containers of runc(8), by what it writes below its root. */
import { ociRuntime } from './oci-runtime.ts';

export const runc = ociRuntime('runc');
