/**
 * A model of a host and one container: just enough of ip(8), sysctl(8) and iptables(8) to carry
 * plans out on data. A command that the kernel would refuse throws a StepFailure.
 */
import { plainWords } from '../../src/plan/print.ts';
import type { Place, Step } from '../../src/plan/step.ts';
import { type Executor, StepFailure } from '../../src/plan/transaction.ts';

interface Link {
  netns: Place;
  settings: Record<string, string>;
  peer: Link | null;
  name: string;
}

interface Route {
  link: string;
  netns: Place;
  metric: string;
  words: string;
  family: string;
}

export class Network implements Executor {
  links: Link[] = [];
  addresses: { netns: Place; link: string; prefix: string }[] = [];
  routes: Route[] = [];
  sysctls = new Map<string, string>();
  rules: string[] = [];
  ran: string[] = [];

  line(netns: Place, command: Step['command']): string {
    return `${netns}: ${plainWords(command, (place) => place.toUpperCase()).join(' ')}`;
  }

  async execute({ netns, command }: Step): Promise<void> {
    const words = plainWords(command, (place) => place.toUpperCase());
    const line = this.line(netns, command);
    const fail = (why: string): never => {
      throw new StepFailure(line, why);
    };
    this.ran.push(line);
    const [program = '', object = '', verb = '', ...rest] = words;
    if (program === 'sysctl') return this.sysctl(netns, words.at(-1) ?? '', fail);
    if (program.endsWith('tables')) return this.rule(words, fail);
    if (program !== 'ip') return fail('unknown program');
    if (object === 'link') return this.link(netns, verb, rest, fail);
    if (object === 'addr') return this.address(netns, verb, rest, fail);
    if (object === 'route') return this.route(netns, verb, rest, fail);
    return fail('unknown object');
  }

  /** Everything there is, in an order that does not depend on history. */
  state(): unknown {
    const links = this.links.map(({ netns, name, settings, peer }) => ({
      netns,
      name,
      settings,
      peer: peer?.name ?? null,
    }));
    const sorted = (list: unknown[]) => list.map((one) => JSON.stringify(one)).sort();
    return {
      links: sorted(links),
      addresses: sorted(this.addresses),
      routes: sorted(this.routes),
      sysctls: [...this.sysctls].sort(),
      rules: [...this.rules].sort(),
    };
  }

  find(netns: Place, name: string): Link | undefined {
    return this.links.find((link) => link.netns === netns && link.name === name);
  }

  private link(netns: Place, verb: string, words: string[], fail: (why: string) => never): void {
    if (verb === 'add') {
      this.addLink(netns, words, fail);
      return;
    }
    const name = words[1] ?? '';
    const link = this.find(netns, name) ?? fail(`Cannot find device "${name}"`);
    if (verb === 'del') {
      const gone = [link, link.peer].flatMap((one) => one ?? []);
      this.links = this.links.filter((one) => !gone.includes(one));
      const isGone = (one: { netns: string; link: string }) =>
        gone.some(({ netns, name }) => one.netns === netns && one.link === name);
      this.addresses = this.addresses.filter((one) => !isGone(one));
      this.routes = this.routes.filter((one) => !isGone(one));
      for (const { netns, name } of gone)
        for (const key of this.sysctls.keys())
          if (key.startsWith(`${netns} `) && key.includes(`/${name}/`)) this.sysctls.delete(key);
      for (const { name } of gone)
        for (const one of this.links) if (one.settings.master === name) delete one.settings.master;
      return;
    }
    for (let i = 2; i < words.length; i++) {
      const word = words[i] ?? '';
      if (word === 'up') link.settings.state = 'up';
      else if (word === 'down') delete link.settings.state;
      else link.settings[word] = words[++i] ?? '';
    }
    const master = link.settings.master;
    if (master !== undefined && !this.find(netns, master)) fail('Device does not exist');
  }

  private addLink(netns: Place, words: string[], fail: (why: string) => never): void {
    const split = words.indexOf('peer');
    const own = named(split === -1 ? words : words.slice(0, split));
    const link: Link = { netns, name: own.name ?? '', settings: own, peer: null };
    if (this.find(netns, link.name)) fail('File exists');
    if (split !== -1) {
      const settings = named(words.slice(split + 1));
      delete settings.netns;
      const peer: Link = { netns: 'container', name: settings.name ?? '', settings, peer: link };
      if (this.find('container', peer.name)) fail('File exists');
      link.peer = peer;
      this.links.push(peer);
    }
    this.links.push(link);
  }

  private address(netns: Place, verb: string, words: string[], fail: (why: string) => never): void {
    const [prefix = ''] = words;
    const link = words.at(-1) ?? '';
    if (!this.find(netns, link)) fail(`Cannot find device "${link}"`);
    const at = this.addresses.findIndex((one) => one.netns === netns && one.link === link && one.prefix === prefix);
    if (verb === 'add') {
      if (at !== -1) fail('File exists');
      this.addresses.push({ netns, link, prefix });
    } else {
      if (at === -1) fail('Cannot assign requested address');
      this.addresses.splice(at, 1);
    }
  }

  private route(netns: Place, verb: string, words: string[], fail: (why: string) => never): void {
    const family = words.some((word) => word.includes(':')) ? 'inet6' : 'inet';
    const at = words.indexOf('metric');
    const metric = at === -1 ? (family === 'inet6' ? '1024' : '0') : (words[at + 1] ?? '');
    const rest = (at === -1 ? words : words.toSpliced(at, 2)).join(' ');
    const link = words[words.indexOf('dev') + 1] ?? '';
    const same = (one: Route) =>
      one.netns === netns && one.family === family && one.metric === metric && one.words.split(' ')[0] === words[0];
    if (verb === 'add') {
      if (this.find(netns, link)?.settings.state !== 'up') fail('Network is down');
      if (this.routes.some(same)) fail('File exists');
      this.routes.push({ netns, link, family, metric, words: rest });
    } else {
      const found = this.routes.findIndex((one) => same(one) && one.words === rest);
      if (found === -1) fail('No such process');
      this.routes.splice(found, 1);
    }
  }

  private sysctl(netns: Place, setting: string, fail: (why: string) => never): void {
    const [key = '', value = ''] = setting.split('=');
    if (!this.find(netns, key.split('/')[3] ?? '')) fail('No such file or directory');
    this.sysctls.set(`${netns} ${key}`, value);
  }

  private rule(words: string[], fail: (why: string) => never): void {
    const action = words[2];
    const rule = words.toSpliced(1, 2).join(' ');
    if (action === '-I') this.rules.push(rule);
    else if (!this.rules.includes(rule)) fail('Bad rule');
    else this.rules.splice(this.rules.indexOf(rule), 1);
  }
}

/** "name br1 address X type bridge" as settings. */
function named(words: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = {};
  for (let i = 0; i < words.length; i += 2) settings[words[i] ?? ''] = words[i + 1] ?? '';
  return settings;
}
