/** The wireless device behind a Wi-Fi link (net/wireless/sysfs.c). */
import { readFileSync } from 'node:fs';
import type { Wiphy } from '../facts.ts';
import { hostPid } from './netns.ts';

/**
 * @param ifname of the host
 * @returns null when the link is no Wi-Fi
 */
export function wiphyOf(ifname: string): Wiphy | null {
  try {
    const name = readFileSync(`/sys/class/net/${ifname}/phy80211/name`, 'utf8').trim();
    return { name, hostPid: hostPid() };
  } catch {
    return null;
  }
}
