/** Says more of a PARENT or a CONTAINER that is not there: by the host's links, which the words may have meant. */
import { ContainerError, type NetwireError, StateError } from '../errors.ts';
import { hostIfnames } from '../host/proc-net.ts';
import { isMadeByName } from '../link/index.ts';
import { parentHint } from '../link/parent-hint.ts';
import type { AddRequest } from '../request.ts';

/** @returns the error, with a hint that knows the machine */
export function parentHelp(error: unknown, { parent: { kind, link }, container }: AddRequest): unknown {
  const said = link.by === 'name' ? link.name : null;
  if (error instanceof StateError && error.code === 'no-such-parent') {
    // Of a kind that makes no bridge, or by an address.
    if (said === null) return hinted(error, link.by === 'pci' ? 'lspci -D' : 'ip link');
    const hint = parentHint(said, hostIfnames());
    return hinted(error, kind === 'auto' || !hint.startsWith('bridge:') ? hint : 'ip link');
  }
  const { runtime, name } = container;
  if (error instanceof ContainerError && error.code === 'no-such-container' && runtime === null && said !== null) {
    const links = hostIfnames();
    // The two words the wrong way round.
    if (!links.includes(said) && !isMadeByName(said) && (links.includes(name) || isMadeByName(name)))
      return hinted(error, `PARENT comes first: netwire ${name} ${said} ...`);
  }
  return error;
}

function hinted(error: NetwireError, hint: string): NetwireError {
  return Object.assign(error, { hint });
}
