/**
 * What `src/host/ip-session.ts` is, for busybox's `ip`: a process for each question and each change,
 * and text for answers.
 */

import { BusyboxLock } from './busybox-lock.ts';
import { defaultRouteDocuments, linkDocuments } from './busybox-text.ts';
import { mayAdministerNetwork } from './capability.ts';
import type { Answer } from './ip-answer.ts';
import { SessionEnded } from './pipes.ts';
import { runCommand } from './process.ts';
import type { Session, Sysctl } from './session.ts';

/** /sys shows the namespace it was mounted in, so another is mounted, for this process alone. */
const MOUNT = 'mount -t sysfs sysfs /sys || exit';

/** Links as `linkDocuments` reads them, by the shell's own means: the one named, or all. */
const LINKS = `ip addr show || exit
if [ $# = 1 ]; then set -- "/sys/class/net/$1"; else set -- /sys/class/net/*; fi
for link; do
  [ -e "$link/ifindex" ] || continue
  printf 'sysfs %s\\n' "\${link##*/}"
  for key in ifindex iflink type operstate ifalias tun_flags brport/state; do
    [ -e "$link/$key" ] && IFS= read -r value <"$link/$key" && printf '%s %s\\n' "$key" "$value"
  done
  while IFS== read -r key value; do
    [ "$key" = DEVTYPE ] && printf 'devtype %s\\n' "$value"
  done <"$link/uevent"
  [ -e "$link/device" ] && echo device yes
  for lower in "$link"/lower_*; do
    [ -e "$lower" ] && printf 'lower %s\\n' "\${lower##*/lower_}"
  done
done 2>/dev/null
exit 0`;

/** Routes as `defaultRouteDocuments` reads them. */
const ROUTES = 'ip route show && echo inet6 && if [ -e /proc/net/if_inet6 ]; then ip -6 route show; fi';

export class BusyboxSession implements Session {
  /** Any number of them, at any time. */
  readonly takesSysctls = true;

  private constructor(
    private readonly enter: readonly string[],
    private readonly lock: BusyboxLock | null,
  ) {}

  /** @param lockSeconds how long to wait for the lock; null: none is taken */
  static onHost(lockSeconds: number | null): BusyboxSession {
    return new BusyboxSession([], lockSeconds === null ? null : new BusyboxLock(lockSeconds));
  }

  /** One in the namespace behind a descriptor of this process's. */
  static inNetns(fd: number): BusyboxSession {
    return new BusyboxSession(['nsenter', `--net=/proc/${process.pid}/fd/${fd}`], null);
  }

  async read(words: readonly string[]): Promise<Answer> {
    const [object, , ...selector] = words;
    // Routes that netwire made besides: none, for they cannot be told apart here.
    if (object === 'route' && selector.includes('proto')) return { ok: true, json: [], warning: '' };
    if (object === 'neigh') return { ok: true, json: [], warning: '' };
    if (object === 'route') return this.ask(['sh', '-c', ROUTES], defaultRouteDocuments);
    const [key, name] = selector;
    // Without the privilege for a mount /sys is taken as it is.
    const script = mayAdministerNetwork() ? ['unshare', '-m', 'sh', '-c', `${MOUNT}\n${LINKS}`] : ['sh', '-c', LINKS];
    const answer = await this.ask([...script, 'sh', ...(key === 'dev' && name ? [name] : [])], linkDocuments);
    if (!answer.ok) return answer;
    const json = answer.json.filter((link) => isSelected(link, selector));
    if (key === 'dev' && json.length === 0) return { ok: false, why: `Device "${name}" does not exist.` };
    return { ...answer, json };
  }

  async readAll(questions: readonly (readonly string[])[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const words of questions) answers.push(await this.read(words));
    return answers;
  }

  change(words: readonly string[]): Promise<Answer> {
    return this.run(['ip', ...words]);
  }

  async changeAll(changes: readonly (readonly string[])[], sysctls: readonly Sysctl[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (const { path, value } of sysctls) answers.push(await this.sysctl(path, value));
    for (const words of changes) answers.push(await this.change(words));
    return answers;
  }

  async changeThenRead(change: readonly string[]): Promise<[Answer, null]> {
    return [await this.change(change), null];
  }

  sysctl(path: string, value: string): Promise<Answer> {
    return this.run(['sysctl', '-w', `${path}=${value}`]);
  }

  get isOver(): boolean {
    return this.lock?.isOver ?? false;
  }

  kill(): void {
    this.lock?.kill();
  }

  async close(): Promise<void> {
    await this.lock?.close();
  }

  private run(command: readonly string[]): Promise<Answer> {
    return this.ask(command, () => []);
  }

  private async ask(command: readonly string[], parse: (output: string) => unknown[]): Promise<Answer> {
    await this.lock?.held();
    const { ok, stdout, why, signal } = await runCommand([...this.enter, ...command]);
    // Ended from outside, it may have done its work all the same.
    if (signal !== null) throw new SessionEnded(`${command[0]} ended with ${signal}`, null);
    return ok ? { ok, json: parse(stdout), warning: '' } : { ok, why: inKernelWords(why) };
  }
}

/** As iproute2 says it, which is what others look for. */
function inKernelWords(why: string): string {
  return why
    .replace(/^\w+: /, '')
    .replace(/^RTNETLINK answers: /, '')
    .replace(/^can't find device '(.*)'$/, 'Cannot find device "$1"');
}

/** Is a link one of those that ip-address(8)'s selectors `dev`, `type` and `master` pick? */
function isSelected(link: unknown, [key, value]: readonly string[]): boolean {
  if (key === undefined) return true;
  const { ifname, master, linkinfo } = link as {
    ifname: string;
    master?: string;
    linkinfo: { info_kind?: string };
  };
  return { dev: ifname, master, type: linkinfo.info_kind }[key] === value;
}
