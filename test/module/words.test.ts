import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addRequest } from '../../src/cli/add.ts';
import { parseCommandLine } from '../../src/cli/command-line.ts';
import { delRequest } from '../../src/cli/del.ts';
import { showRequest } from '../../src/cli/show.ts';
import { VERB_SPECS } from '../../src/cli/verbs.ts';
import { UsageError } from '../../src/errors.ts';
import type { AttachWords } from '../../src/module/asked.ts';
import { attachLine, detachLine, showLine } from '../../src/module/words.ts';

const typed = (line: string) => addRequest(parseCommandLine(line.split(' ')));
const BR1 = { parent: 'br1', container: 'c1', addresses: '10.0.0.1/24' };

test('what a script asks for is what the same words on a command line ask for', () => {
  const pairs: [AttachWords, string][] = [
    [BR1, 'br1 c1 10.0.0.1/24'],
    [{ ...BR1, addresses: ['10.0.0.1/24@10.0.0.254', 'fd00::1/64'] }, 'br1 c1 10.0.0.1/24@10.0.0.254,fd00::1/64'],
    [{ ...BR1, addresses: [] }, 'br1 c1 0/0'],
    [{ ...BR1, container: 4711, mac: 'U:web', vlan: 10 }, 'br1 4711 10.0.0.1/24 U:web@10'],
    [{ ...BR1, trunk: [20, '30-39'], vlanFiltering: true }, 'br1 c1 10.0.0.1/24 --trunk 20,30-39 --vlan-filtering'],
    [{ ...BR1, firewall: false, mtu: 1400, probe: true }, 'br1 c1 10.0.0.1/24 --no-firewall --mtu 1400 --probe'],
    [{ ...BR1, firewall: true, force: false, ifname: undefined }, 'br1 c1 10.0.0.1/24'],
    [
      { ...BR1, routes: ['10.1.0.0/16@10.0.0.9', '10.2.0.0/16'], metric: 50 },
      'br1 c1 10.0.0.1/24 --route 10.1.0.0/16@10.0.0.9 --route 10.2.0.0/16 --metric 50',
    ],
    [
      { ...BR1, parent: 'veth:c2', peer: { ifname: 'to-c1', addresses: ['10.0.0.2/24'], mac: '02:00:00:00:00:02' } },
      'veth:c2 c1 10.0.0.1/24 --peer-ifname to-c1 --peer-address 10.0.0.2/24 --peer-mac 02:00:00:00:00:02',
    ],
    [
      { ...BR1, parent: 'eth0', addresses: 'dhcp', hostname: 'web', dnsFile: '/run/dns', once: true },
      'eth0 c1 dhcp --hostname web --dns-file /run/dns --once',
    ],
  ];
  for (const [words, line] of pairs) assert.deepEqual(addRequest(attachLine(words)), typed(line), line);
});

test('each option of add that is no way of printing can be said', () => {
  const own = { noFirewall: { firewall: false }, route: { routes: ['10.1.0.0/16'] } };
  const peer = { peerIfname: { ifname: 'x' }, peerAddress: { addresses: '10.0.0.2/24' }, peerMac: { mac: 'U:x' } };
  const values: Record<string, unknown> = {
    ovsDatapath: 'netdev',
    defaultRoute: 'keep',
    dnsFile: '/run/x',
    family: '4',
  };
  const numbers = ['mtu', 'metric', 'table', 'vlan'];
  for (const name of VERB_SPECS.add?.options ?? []) {
    if (name === 'dryRun' || name === 'wait') continue;
    const isSwitch = /^(vlanFiltering|directPhys|force|replace|probe|dad|once)$/.test(name);
    const said =
      name in own
        ? own[name as keyof typeof own]
        : name in peer
          ? { peer: peer[name as keyof typeof peer] }
          : { [name]: values[name] ?? (isSwitch ? true : numbers.includes(name) ? 100 : 'x') };
    const { options } = attachLine({ ...BR1, ...said });
    // The parser says that there is a firewall where nobody said otherwise.
    const { firewall, ...others } = options;
    assert.deepEqual(Object.keys(others), name === 'noFirewall' ? [] : [name]);
    assert.equal(firewall, name !== 'noFirewall');
  }
});

test('del and show likewise', () => {
  const del = (line: string) => delRequest(parseCommandLine(line.split(' ')));
  assert.deepEqual(
    delRequest(detachLine({ container: 'c1', ifname: 'eth2', force: true })),
    del('del c1 eth2 --force'),
  );
  assert.deepEqual(delRequest(detachLine({ container: 4711, all: true })), del('del 4711 --all'));
  assert.deepEqual(showRequest(showLine({})), { container: null, ifname: null, parent: null });
  assert.deepEqual(
    showRequest(showLine({ container: 'c1', ifname: 'eth2', parent: 'br1' })),
    showRequest(parseCommandLine(['show', 'c1', 'eth2', '--parent', 'br1'])),
  );
});

test('what no command line could say is refused, and what is mistyped gets the nearest word', () => {
  const refused: [Record<string, unknown>, string, string?][] = [
    [{ ...BR1, ifnam: 'x' }, 'ifnam: there is no such word', 'did you mean ifname?'],
    // It would attach in earnest.
    [{ ...BR1, dryRun: true }, 'dryRun: there is no such word', 'planAttach, planDetach'],
    [{ ...BR1, signal: 'x' }, 'signal: there is no such word'],
    [{ ...BR1, peer: { address: '10.0.0.2/24' } }, 'peer.address: there is no such word'],
    [{ ...BR1, mtu: {} }, 'mtu: a text or a number is wanted, not object'],
    [{ ...BR1, mode: true }, 'mode: a text or a number is wanted, not boolean'],
    [{ ...BR1, mode: 'br\0idge' }, 'mode: a text without NUL is wanted'],
    [{ ...BR1, addresses: undefined, mac: 'U:x' }, 'addresses: it is missing'],
    [{ ...BR1, addresses: undefined }, 'add: ADDRESS is missing'],
    [{ ...BR1, parent: '--force' }, 'parent "--force": an interface name cannot begin with "-"'],
    [{ ...BR1, ifname: '' }, '--ifname "": an interface needs a name'],
    [{ ...BR1, mtu: 1.5 }, '--mtu "1.5": a whole number from 68 to 65535 is wanted'],
  ];
  for (const [words, message, hint] of refused)
    assert.throws(
      () => addRequest(attachLine(words as unknown as AttachWords)),
      (error: unknown) => {
        assert.ok(error instanceof UsageError, message);
        assert.equal(error.message, message);
        if (hint !== undefined) assert.equal(error.hint, hint);
        return true;
      },
    );
});
