import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointOf, isPodMeant, parsePods, podPlace } from '../../src/target/cri.ts';
import { bytesField, numberField, textField } from '../../src/target/protobuf.ts';

const POD_ID = 'a'.repeat(64);
const CONTAINER_ID = 'b'.repeat(64);

const sandbox = (name: string, state: bigint) =>
  Buffer.concat([
    textField(1, POD_ID),
    bytesField(2, Buffer.concat([textField(1, name), textField(2, 'uid'), textField(3, 'prod')])),
    numberField(3, state),
  ]);
const container = Buffer.concat([
  textField(1, CONTAINER_ID),
  textField(2, POD_ID),
  bytesField(3, textField(1, 'nginx')),
]);

test('a pod is listed with its containers', () => {
  assert.deepEqual(parsePods(bytesField(1, sandbox('shop', 0n)), bytesField(1, container)), [
    { id: POD_ID, name: 'shop', namespace: 'prod', isReady: true, containers: [{ id: CONTAINER_ID, name: 'nginx' }] },
  ]);
  assert.equal(parsePods(bytesField(1, sandbox('shop', 1n)), Buffer.alloc(0))[0]?.isReady, false);
});

test('a pod is meant by its name, its ID, a container of it, or the beginning of an ID', () => {
  const [pod] = parsePods(bytesField(1, sandbox('shop', 0n)), bytesField(1, container));
  assert.ok(pod);
  for (const word of ['shop', POD_ID, 'aaaaaaaaaaaa', 'nginx', CONTAINER_ID, 'bbbb'])
    assert.ok(isPodMeant(pod, word), word);
  for (const word of ['sho', 'aaa', 'prod', '']) assert.ok(!isPodMeant(pod, word), word);
});

// As containerd 1.6 and CRI-O 1.29 answer, shortened.
test("a pod's network is its process's, or at the path that the OCI runtime was given", () => {
  const spec =
    '"runtimeSpec":{"linux":{"namespaces":[{"type":"pid"},{"type":"network","path":"/var/run/netns/cni-1"}]}}';
  assert.deepEqual(podPlace(`{"pid":2094,"processStatus":"running",${spec}}`), { pid: 2094 });
  assert.deepEqual(podPlace(`{"image":"registry.k8s.io/pause:3.9","pid":0,${spec}}`), { path: '/var/run/netns/cni-1' });
  assert.equal(podPlace('{"pid":0}'), null);
  assert.equal(podPlace('no JSON'), null);
});

test("crictl's configuration names the socket", () => {
  assert.equal(
    endpointOf('timeout: 2\nruntime-endpoint: "unix:///run/crio/crio.sock" # here\n'),
    'unix:///run/crio/crio.sock',
  );
  assert.equal(endpointOf('image-endpoint: unix:///x\n'), null);
});
