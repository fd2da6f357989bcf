import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import { hexDigits, LengthError, Prefix } from '../../src/address/prefix.ts';

const inet = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`);
const group = fc.oneof(
  fc.constant('0'),
  fc.integer({ min: 0, max: 0xffff }).map((one) => one.toString(16)),
);
const inet6 = fc
  .tuple(
    fc.oneof(
      fc.ipV6(),
      fc
        .tuple(
          fc.constantFrom('::ffff:', '64:ff9b::', '::'),
          fc.constantFrom('0.0.0.0', '127.0.0.9', '224.0.0.1', '10.0.0.1'),
        )
        .map(([prefix, address]) => prefix + address),
      fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
    ),
    fc.integer({ min: 0, max: 128 }),
  )
  .map(([address, length]) => `${address}/${length}`);

test('as ip-address has it: spelling, ends of the prefix, kinds', () => {
  fc.assert(
    fc.property(fc.oneof(inet, inet6), (text) => {
      const mine = Prefix.parse(text);
      const other = text.includes(':') ? new Address6(text) : new Address4(text);
      // It spells an embedded IPv4 address in dots again, which RFC 5952 leaves open.
      const spelled = other instanceof Address6 && other.address4 ? null : other.correctForm();
      if (spelled !== null) assert.equal(mine.text, spelled);
      assert.equal(mine.length, other.subnetMask);
      assert.equal(mine.value, other.bigInt());
      assert.equal(mine.first.value, other.startAddress().bigInt());
      assert.equal(mine.last.value, other.endAddress().bigInt());
      assert.equal(Prefix.parse(mine.text).value, mine.value);
      // Of a single host: there the library looks at the whole prefix.
      const host = Prefix.parse(mine.text);
      const single = mine.family === 'inet' ? new Address4(mine.text) : new Address6(mine.text);
      assert.equal(host.isMulticast, single.isMulticast());
      assert.equal(host.isLoopback, single.isLoopback());
      assert.equal(host.isUnspecified, single.isUnspecified());
      if (single instanceof Address6) assert.equal(hexDigits(host), single.canonicalForm().replaceAll(':', ''));
    }),
    { numRuns: 2000 },
  );
});

test('an address is in a prefix when it lies between its ends', () => {
  fc.assert(
    fc.property(fc.oneof(fc.tuple(inet, inet), fc.tuple(inet6, inet6)), ([one, another]) => {
      const [prefix, address] = [Prefix.parse(one), Prefix.parse(another)];
      const isBetween = prefix.first.value <= address.value && address.value <= prefix.last.value;
      assert.equal(prefix.has(address), isBetween);
      assert.equal(prefix.has(prefix.first) && prefix.has(prefix.last), true);
    }),
  );
  assert.equal(Prefix.parse('0.0.0.0/0').has(Prefix.parse('::1')), false);
});

test('what embeds an IPv4 address, and what is of the link', () => {
  for (const text of ['::ffff:1.2.3.4', '::1.2.3.4', '::2', '::ffff:0:1'])
    assert.equal(Prefix.parse(text).embedsIPv4, true, text);
  for (const text of ['::1', '::', '2001:db8::1', 'fe80::1', '1.2.3.4'])
    assert.equal(Prefix.parse(text).embedsIPv4, false, text);
  assert.equal(Prefix.parse('febf::1').isLinkLocal6, true);
  assert.equal(Prefix.parse('fec0::1').isLinkLocal6, false);
  assert.equal(Prefix.parse('::ffff:1.2.3.4').text, '::ffff:102:304');
  assert.equal(Prefix.parse('FD00:0:0:1:0:0:0:1').text, 'fd00:0:0:1::1');
  assert.equal(Prefix.parse('1:0:0:2:0:0:0:3').text, '1:0:0:2::3');
  assert.equal(Prefix.parse('1:0:2:3:4:5:6:7').text, '1:0:2:3:4:5:6:7');
});

test('what is no address, and what no length', () => {
  for (const text of [
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '1.2.3.4.5',
    'fe80::1%eth0',
    '1::2::3',
    ':1',
    'x',
    '/24',
  ])
    assert.throws(() => Prefix.parse(text), /not an IP address/, text);
  for (const text of ['10.0.0.1/', '10.0.0.1/x', '10.0.0.1/-1', '10.0.0.1/024', '10.0.0.1/24/1', 'fd00::1/ 64'])
    assert.throws(() => Prefix.parse(text), /not an IP address/, text);
  for (const text of ['10.0.0.1/33', 'fd00::1/129', 'fd00::1/9999999999'])
    assert.throws(() => Prefix.parse(text), LengthError, text);
});
