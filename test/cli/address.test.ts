import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkFamily, parseAddresses } from '../../src/cli/address.ts';
import { UsageError } from '../../src/errors.ts';

const refuses = (word: string, message: RegExp, hint?: string) =>
  assert.throws(
    () => parseAddresses(word),
    (error) => {
      assert(error instanceof UsageError);
      assert.match(error.message, message);
      if (hint !== undefined) assert.equal(error.hint, hint);
      return true;
    },
  );

test('0/0 is no address', () => assert.deepEqual(parseAddresses('0/0'), []));

test('an address is put into canonical spelling', () => {
  const [address] = parseAddresses('FD00:0::0:1/64@fd00:0:0::ffff');
  assert.deepEqual(address, {
    family: 'inet6',
    local: 'fd00::1',
    prefixlen: 64,
    gateway: 'fd00::ffff',
    gatewayOnLink: true,
  });
});

test('several addresses keep their order', () => {
  const locals = parseAddresses('10.0.0.2/24,fd00::2/64,10.0.0.1/24').map(({ local }) => local);
  assert.deepEqual(locals, ['10.0.0.2', 'fd00::2', '10.0.0.1']);
});

test('a gateway outside the prefix is known as such, a link-local one never is', () => {
  assert.equal(parseAddresses('10.0.0.2/24@10.0.1.1')[0]?.gatewayOnLink, false);
  assert.equal(parseAddresses('10.0.0.2/32@10.0.0.1')[0]?.gatewayOnLink, false);
  assert.equal(parseAddresses('fd00::2/64@fe80::1')[0]?.gatewayOnLink, true);
});

test('a missing length is refused with a guess', () => {
  refuses('192.168.1.1', /prefix length is missing/, 'did you mean 192.168.1.1/24?');
  refuses('192.168.1.1@192.168.1.254', /prefix length is missing/, 'did you mean 192.168.1.1/24@192.168.1.254?');
  refuses('fd00::1', /prefix length is missing/, 'did you mean fd00::1/64?');
});

test('what no host can have is refused', () => {
  refuses('192.168.1.0/24', /the network itself/, 'did you mean 192.168.1.1/24?');
  refuses('192.168.1.255/24', /broadcast/);
  refuses('224.0.0.1/24', /multicast/);
  refuses('127.0.0.1/8', /loopback/);
  refuses('0.0.0.0/24', /no host's address/);
  refuses('ff02::1/64', /multicast/);
  refuses('::1/64', /loopback/);
});

test('point-to-point and host prefixes have no network and broadcast address', () => {
  assert.equal(parseAddresses('10.0.0.0/31')[0]?.local, '10.0.0.0');
  assert.equal(parseAddresses('10.0.0.255/32')[0]?.local, '10.0.0.255');
});

test('what is no address is refused', () => {
  for (const word of ['', ',', 'c1', '1.2.3/24', '1.2.3.4.5/24', '1.2.3.4/', '1.2.3.4/x', 'fd00::g/64', '10.0.0.1/24,'])
    assert.throws(() => parseAddresses(word), UsageError, word);
  refuses('10.0.0.1/33', /from 0 to 32/);
  refuses('fd00::1/129', /from 0 to 128/);
  refuses('fe80::1%eth0/64', /zone/);
});

test('gateways that cannot be are refused', () => {
  refuses('10.0.0.1/24@fd00::1', /needs an IPv4 gateway/);
  refuses('10.0.0.1/24@10.0.0.1', /the address itself/);
  refuses('10.0.0.1/24@10.0.0.254/24', /has no prefix length/, '10.0.0.1/24@10.0.0.254');
  refuses('10.0.0.1/24@', /gateway is missing/, '10.0.0.1/24');
  refuses('10.0.0.1/24@10.0.0.254,10.0.1.1/24@10.0.1.254', /one a family/);
  assert.equal(parseAddresses('10.0.0.1/24@10.0.0.254,fd00::1/64@fd00::ff').length, 2);
});

test('an address given twice is refused, however it is spelt', () => {
  refuses('fd00::1/64,fd00:0::1/64', /given twice/);
});

test('-a is checked against the addresses', () => {
  checkFamily('inet6', parseAddresses('fd00::1/64'));
  checkFamily('4', parseAddresses('10.0.0.1/24'));
  assert.throws(() => checkFamily('4', parseAddresses('fd00::1/64')), /IPv6 address/);
  assert.throws(() => checkFamily('inet4', []), /the families are/);
});

test('whatever the word, it is parsed or refused with a UsageError', () => {
  const piece = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('/', '@', ',', ':', '0/0', '%', '24', '-'), fc.string());
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      try {
        for (const { local, prefixlen } of parseAddresses(pieces.join('')))
          assert.match(`${local}/${prefixlen}`, /^[\da-f.:]+\/\d+$/);
      } catch (error) {
        assert(error instanceof UsageError, String(error));
      }
    }),
  );
});

test('a host address of any prefix is taken, and its spelling does not matter', () => {
  fc.assert(
    fc.property(fc.ipV6(), fc.integer({ min: 1, max: 128 }), (address, prefixlen) => {
      fc.pre(!/^(::|0|f)/i.test(address) && !address.includes('.'));
      const [one] = parseAddresses(`${address}/${prefixlen}`);
      const [other] = parseAddresses(`${address.toUpperCase()}/${prefixlen}`);
      assert.deepEqual(one, other);
      assert.deepEqual(parseAddresses(`${one?.local}/${prefixlen}`), [one]);
    }),
  );
});
