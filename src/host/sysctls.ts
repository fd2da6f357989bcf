/** A link's settings below /proc/sys/net (Documentation/networking/ip-sysctl.rst). */
import { readdirSync, readFileSync } from 'node:fs';

/** What is no setting: read only, or a secret that reads as an error. */
const SKIPPED = new Set(['stable_secret', 'mc_forwarding']);

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

function settings(directory: string): Map<string, string> {
  try {
    const names = readdirSync(`/proc/sys/${directory}`).filter((name) => !SKIPPED.has(name));
    return new Map(names.map((name) => [name, readFileSync(`/proc/sys/${directory}/${name}`, 'utf8').trim()]));
  } catch {
    // The kernel has no such family, or does not show its settings to this user.
    return new Map();
  }
}
