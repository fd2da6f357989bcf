// What a kubelet does, as far as the tests need it (runtime.v1, api.proto):
//   cri-pod.ts run SOCKET NAMESPACE/POD IMAGE CONTAINER...   prints the pod's ID and those of its containers
//   cri-pod.ts stop|remove SOCKET POD-ID
import { connectGrpc } from '../../src/host/grpc.ts';
import { bytesField, fieldsOf, textField, textOf } from '../../src/target/protobuf.ts';

const [verb = '', socket = '', word = '', image = '', ...containers] = process.argv.slice(2);
const connection = await connectGrpc(socket, 20);

async function call(method: string, ...fields: Buffer[]): Promise<string> {
  const reply = await connection.call(`/runtime.v1.RuntimeService/${method}`, Buffer.concat(fields));
  return textOf(fieldsOf(reply), 1);
}

if (verb === 'run') {
  const [namespace = '', name = ''] = word.split('/');
  const metadata = Buffer.concat([textField(1, name), textField(2, `uid-${name}`), textField(3, namespace)]);
  const config = Buffer.concat([bytesField(1, metadata), textField(2, name), textField(3, '/run/pods')]);
  const pod = await call('RunPodSandbox', bytesField(1, config));
  console.log(pod);
  for (const container of containers) {
    const spec = [bytesField(1, textField(1, container)), bytesField(2, textField(1, image))];
    const made = [textField(1, pod), bytesField(2, Buffer.concat(spec)), bytesField(3, config)];
    const id = await call('CreateContainer', ...made);
    await call('StartContainer', textField(1, id));
    console.log(id);
  }
} else {
  await call(verb === 'stop' ? 'StopPodSandbox' : 'RemovePodSandbox', textField(1, word));
}
connection.close();
