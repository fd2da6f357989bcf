/** A link's settings below /proc/sys/net (Documentation/networking/ip-sysctl.rst). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What is no setting: read only, a secret that reads as an error, or follows the link's own MTU. */
const SKIPPED = new Set(['stable_secret', 'mc_forwarding', 'mtu']);

/**
 * @param ifname of the host
 * @returns key and value of those that are not what a new link would get
 */
export function changedSysctls(ifname: string): [key: string, value: string][] {
  return ['ipv4', 'ipv6'].flatMap((family) => {
    const defaults = settings(`net/${family}/conf/default`);
    return [...settings(`net/${family}/conf/${ifname}`)].flatMap(([name, value]): [string, string][] =>
      defaults.get(name) === value ? [] : [[`net/${family}/conf/${ifname}/${name}`, value]],
    );
  });
}

/** Does the kernel know IPv6? Without it there is no such list (net/ipv6/addrconf.c). */
export function hasIpv6(): boolean {
  return existsSync('/proc/self/net/if_inet6');
}

function settings(directory: string): Map<string, string> {
  try {
    const names = readdirSync(`/proc/sys/${directory}`).filter((name) => !SKIPPED.has(name));
    return new Map(names.map((name) => [name, readFileSync(`/proc/sys/${directory}/${name}`, 'utf8').trim()]));
  } catch {
    // The kernel has no such family, or does not show its settings to this user.
    return new Map();
  }
}
