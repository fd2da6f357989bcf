import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLease, whatWasHeard } from '../../src/address/dhcp.ts';
import { takeDhcp } from '../../src/cli/dhcp.ts';
import { UsageError } from '../../src/errors.ts';

const take = (word: string) => takeDhcp(word, {});

test('DHCP words as in pipework, with options behind a colon to the end', () => {
  assert.equal(take('10.0.0.1/24').dhcp.length, 0);
  assert.equal(take('dhcp').dhcp[0]?.client, null);
  assert.equal(take('dhcp').rest, '0/0');
  for (const client of ['udhcpc', 'dhcpcd', 'dhclient']) {
    assert.equal(take(client).dhcp[0]?.client, client);
    assert.equal(take(`${client}-f`).dhcp[0]?.client, client);
  }
  assert.deepEqual(take('udhcpc-f:-r 10.0.0.5  -V a,b').dhcp[0]?.options, ['-r', '10.0.0.5', '-V', 'a,b']);
  assert.equal(take('10.0.0.1/24,dhcp,fd00::1/64').rest, '10.0.0.1/24,fd00::1/64');
  assert.equal(take('fd00::1/64,dhclient:-v').rest, 'fd00::1/64');
  // pipework's word for a lease that is kept, when it ran udhcpc in a container.
  assert.deepEqual(take('dhcp:-f').dhcp[0]?.options, []);
  assert.deepEqual(take('udhcpc:-f').dhcp[0]?.options, ['-f']);
  // Not every word that begins so.
  assert.equal(take('dhcpx').dhcp.length, 0);
});

test('DHCPv6 has words of its own, beside those of IPv4', () => {
  const both = take('dhcp,10.0.0.1/24,dhclient6:-v');
  assert.deepEqual(
    both.dhcp.map(({ family, client, options }) => [family, client, options]),
    [
      ['inet', null, []],
      ['inet6', 'dhclient', ['-v']],
    ],
  );
  assert.equal(both.rest, '10.0.0.1/24');
  assert.throws(() => take('dhcp6,dhcpcd6'), /DHCPv6 is asked for twice/);
  assert.throws(() => take('udhcpc6'), /does no DHCPv6/);
});

test('two of them are refused, and options without one', () => {
  assert.throws(() => take('dhcp,udhcpc'), UsageError);
  assert.throws(() => takeDhcp('10.0.0.1/24', { once: true }), /--once: there is no DHCP here/);
  assert.throws(() => takeDhcp('10.0.0.1/24', { dnsFile: '/run/x' }), /--dns-file/);
});

test('a lease is read, and what no host can have is refused', () => {
  const text = 'address=10.7.0.5\nprefixlen=24\nrouter=10.7.0.1 10.7.0.2\nlease=120\nroutes=\n';
  assert.deepEqual(parseLease(text, 'inet'), {
    ...{ family: 'inet', address: '10.7.0.5', prefixlen: 24, router: '10.7.0.1', routes: [] },
    ...{ seconds: 120, preferredSeconds: 120 },
  });
  assert.equal(parseLease(text.replace('lease=120', 'lease=4294967295'), 'inet').seconds, null);
  const classless = parseLease(
    text.replace('routes=', 'routes=0.0.0.0/0 10.7.0.9 10.9.0.0/16 0.0.0.0 bad 10.7.0.1'),
    'inet',
  );
  assert.equal(classless.router, '10.7.0.9');
  assert.deepEqual(classless.routes, [{ dst: '10.9.0.0/16', via: null }]);
  for (const address of ['', '0.0.0.0', '127.0.0.1', '224.0.0.1', '10.7.0.256', '10.7.0', '10.7.0.5 x'])
    assert.throws(() => parseLease(text.replace('10.7.0.5', address), 'inet'), /which no host can have/, address);
  for (const length of ['0', '33', ''])
    assert.throws(() => parseLease(text.replace('=24', `=${length}`), 'inet'), /no host/);
});

test("DHCPv6's lease is one address", () => {
  const text = 'address=fd07::5\nprefixlen=128\nlease=600\npreferred=300\n';
  const { address, seconds, preferredSeconds, router } = parseLease(text, 'inet6');
  assert.deepEqual([address, seconds, preferredSeconds, router], ['fd07::5', 600, 300, null]);
  assert.equal(parseLease(text.replace('=300', '=0'), 'inet6').preferredSeconds, 0);
  for (const other of ['fe80::1', '::1', '::', 'ff02::1', '10.0.0.1', ''])
    assert.throws(() => parseLease(text.replace('fd07::5', other), 'inet6'), /which no host can have/, other);
  assert.throws(() => parseLease(text.replace('128', '64'), 'inet6'), /no host/);
});

test('what was heard is told from what the client said', () => {
  assert.equal(whatWasHeard('udhcpc: broadcasting discover\n', 'inet'), 'no DHCP server answered');
  assert.match(whatWasHeard('DHCPNAK from 10.0.0.1', 'inet'), /refused/);
  assert.match(whatWasHeard('eth1: offered 10.0.0.5 from 10.0.0.1', 'inet'), /did not confirm/);
});
