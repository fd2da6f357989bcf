import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseContainer } from '../../src/cli/container.ts';
import { parseMac } from '../../src/cli/mac.ts';
import { nearest } from '../../src/cli/nearest.ts';
import { parseParent } from '../../src/cli/parent.ts';
import { UsageError } from '../../src/errors.ts';
import { checkIfname } from '../../src/link/ifname.ts';

test('a MAC is put into lower case', () => assert.equal(parseMac('02:AB:cd:00:00:01'), '02:ab:cd:00:00:01'));

test('U:text is the MAC that pipework derives', () => assert.equal(parseMac('U:myhost.foo.com'), '02:72:6c:cd:9b:8d'));

test('a MAC that no link can have is refused', () => {
  for (const [word, why] of [
    ['03:00:00:00:00:01', /multicast/],
    ['00:00:00:00:00:00', /all zeros/],
    ['02-00-00-00-00-01', /joined by colons/],
    ['02:00:00:00:00', /six hexadecimal bytes/],
    ['02:00:00:00:00:0g', /six hexadecimal bytes/],
    ['', /six hexadecimal bytes/],
  ] as const)
    assert.throws(
      () => parseMac(word),
      (error) => error instanceof UsageError && why.test(error.message),
      word,
    );
});

test('every U: MAC is unicast and locally administered', () => {
  fc.assert(fc.property(fc.string(), (text) => /^02(:[\da-f]{2}){5}$/.test(parseMac(`U:${text}`))));
});

test('a parent is a link, or a kind and a link', () => {
  assert.deepEqual(parseParent('br1'), { kind: 'auto', link: { by: 'name', name: 'br1' } });
  assert.deepEqual(parseParent('bridge:lan'), { kind: 'bridge', link: { by: 'name', name: 'lan' } });
  assert.deepEqual(parseParent('mac:02:00:00:00:00:0A'), {
    kind: 'auto',
    link: { by: 'mac', address: '02:00:00:00:00:0a' },
  });
  assert.deepEqual(parseParent('ipvlan:pci:03:00.1'), { kind: 'ipvlan', link: { by: 'pci', address: '0000:03:00.1' } });
});

test('a parent that cannot be is refused', () => {
  for (const word of [
    '',
    'bridge:',
    'foo:eth0',
    'a b',
    'mac:1',
    'pci:zz',
    'a/b',
    '-x',
    'abcdefghijklmnop',
    '.',
    '..',
    'all',
    'default',
    'br%d',
    'br\n1',
  ])
    assert.throws(() => parseParent(word), UsageError, word);
  assert.throws(
    () => parseParent('eth0:1'),
    (error) => error instanceof UsageError && error.hint === 'eth0',
  );
});

test('a name is limited in bytes, not in letters', () => {
  assert.equal(checkIfname('ééééééé', 'x'), 'ééééééé');
  assert.throws(() => checkIfname('éééééééé', 'x'), /at most 15 bytes, this one has 16/);
});

test('a container is a name, a runtime and a name, or a path', () => {
  assert.deepEqual(parseContainer('c1'), { runtime: null, name: 'c1' });
  assert.deepEqual(parseContainer('docker:c1'), { runtime: 'docker', name: 'c1' });
  assert.deepEqual(parseContainer('pid:1'), { runtime: 'pid', name: '1' });
  assert.deepEqual(parseContainer('/proc/1/ns/net'), { runtime: 'netns', name: '/proc/1/ns/net' });
  assert.deepEqual(parseContainer('netns:/run/x'), { runtime: 'netns', name: '/run/x' });
  assert.deepEqual(parseContainer('containerd:k8s.io/web'), { runtime: 'containerd', name: 'k8s.io/web' });
  assert.deepEqual(parseContainer('lxc:/srv/lxc/web'), { runtime: 'lxc', name: '/srv/lxc/web' });
});

test('a container that cannot be is refused', () => {
  for (const word of [
    '',
    'docker:',
    'pid:0',
    'pid:-1',
    'pid:x',
    'pid:1e3',
    'nope:c1',
    'a/b',
    '-c',
    'netns:../../etc',
    'netns:..',
    'docker:a/b',
    'containerd:a/b/c',
    'containerd:../b',
    'containerd:/b',
    'lxc:/srv/../etc',
    'lxc:a/b',
    'a b',
    'c\u001b[1m',
  ])
    assert.throws(() => parseContainer(word), UsageError, word);
});

test('the nearest word is found within a third of its letters', () => {
  assert.equal(nearest('shwo', ['add', 'del', 'show']), 'show');
  assert.equal(nearest('c11', ['c1', 'c2']), 'c1');
  assert.equal(nearest('web', ['db', 'cache']), null);
  assert.equal(nearest('br1', ['add', 'del', 'up']), null);
});
