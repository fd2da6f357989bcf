/**
 * Pods and their containers behind a Kubernetes container runtime interface (runtime.v1, api.proto):
 * containerd's, CRI-O's, cri-dockerd's. A container's network is its pod's, so the pod is what is
 * found. The numbers are those of the fields in api.proto.
 */
import { connectGrpc, GRPC_UNIMPLEMENTED, type GrpcConnection, GrpcError } from '../host/grpc.ts';
import { isThere, readStateFile } from '../host/state-file.ts';
import { variable } from '../host/variables.ts';
import { elsewhere, notAnswered, socketPath } from './asking.ts';
import { namespacesWithTasks } from './containerd.ts';
import { type Fields, fieldsOf, messagesOf, numberField, numberOf, textField, textMapOf, textOf } from './protobuf.ts';
import { type Found, isMeant, type Listed, type Runtime, splitScope } from './runtime.ts';

const DEFAULT_SOCKETS = ['/run/containerd/containerd.sock', '/run/crio/crio.sock', '/run/cri-dockerd.sock'];
const SERVICE = '/runtime.v1.RuntimeService';

export interface Pod {
  readonly id: string;
  readonly name: string;
  /** Of Kubernetes, not of the kernel. */
  readonly namespace: string;
  readonly isReady: boolean;
  /** IDs and names of its containers. */
  readonly containers: readonly { readonly id: string; readonly name: string }[];
}

export const cri = {
  word: 'cri',
  about: 'a Kubernetes pod or a container in it, by name or ID; cri:NAMESPACE/POD',
  scope: 'word',
  async find() {
    return [];
  },
  hidesRunning() {
    try {
      return sockets().some(mayHavePods);
    } catch {
      // Whoever asks it is told.
      return true;
    }
  },
  async search(name, seconds) {
    const { scope, own } = splitScope(name);
    return atEach(seconds, async (connection) => {
      const pods = (await podsOf(connection)).filter(
        (pod) => (scope === null || pod.namespace === scope) && isPodMeant(pod, own),
      );
      return Promise.all(pods.map((pod) => foundOf(connection, pod)));
    });
  },
  async list(seconds) {
    return atEach(seconds, async (connection): Promise<Listed[]> => {
      const pods = await podsOf(connection);
      return pods.map((pod) => ({ name: `${pod.namespace}/${pod.name}`, isRunning: pod.isReady }));
    });
  },
} as const satisfies Runtime;

/** Pods that run are tasks in a namespace of containerd's; what another runtime has is not known without asking. */
function mayHavePods(socket: string): boolean {
  const namespaces = namespacesWithTasks(socket);
  return namespaces === null || namespaces.includes('k8s.io');
}

/** CONTAINER_RUNTIME_ENDPOINT, crictl's configuration, or the usual places. */
function sockets(): string[] {
  const setting = variable('CONTAINER_RUNTIME_ENDPOINT');
  const address = setting || endpointOf(readStateFile('/etc/crictl.yaml') ?? '');
  if (!address) return DEFAULT_SOCKETS.filter(isThere);
  const path = socketPath(address);
  if (path === null) throw elsewhere('cri', setting ? 'CONTAINER_RUNTIME_ENDPOINT' : 'crictl.yaml', address);
  return [path];
}

/** @param text of crictl.yaml */
export function endpointOf(text: string): string | null {
  return /^runtime-endpoint:\s*["']?([^\s"'#]+)/m.exec(text)?.[1] ?? null;
}

async function atEach<T>(seconds: number, ask: (connection: GrpcConnection) => Promise<T[]>): Promise<T[]> {
  const answers = sockets().map(async (socket) => {
    const connection = await connectGrpc(socket, seconds);
    try {
      return await ask(connection);
    } catch (error) {
      // A containerd whose CRI is switched off has no pods.
      if (error instanceof GrpcError && error.status === GRPC_UNIMPLEMENTED) return [];
      throw notAnswered('cri', 'the runtime', socket, error);
    } finally {
      connection.close();
    }
  });
  return (await Promise.all(answers)).flat();
}

async function podsOf(connection: GrpcConnection): Promise<Pod[]> {
  const [pods, containers] = await Promise.all(
    ['ListPodSandbox', 'ListContainers'].map((method) => connection.call(`${SERVICE}/${method}`, Buffer.alloc(0))),
  );
  return parsePods(pods ?? Buffer.alloc(0), containers ?? Buffer.alloc(0));
}

/** @param sandboxes a ListPodSandboxResponse, @param containers a ListContainersResponse */
export function parsePods(sandboxes: Buffer, containers: Buffer): Pod[] {
  const all = messagesOf(fieldsOf(containers), 1).map((one) => ({
    id: textOf(one, 1),
    pod: textOf(one, 2),
    name: textOf(metadata(one, 3), 1),
  }));
  return messagesOf(fieldsOf(sandboxes), 1).map((one) => ({
    id: textOf(one, 1),
    name: textOf(metadata(one, 2), 1),
    namespace: textOf(metadata(one, 2), 3),
    isReady: numberOf(one, 3) === 0,
    containers: all.filter(({ pod }) => pod === textOf(one, 1)).map(({ id, name }) => ({ id, name })),
  }));
}

function metadata(fields: Fields, number: number): Fields {
  return messagesOf(fields, number)[0] ?? new Map();
}

/** Is the pod meant, or one of its containers? */
export function isPodMeant({ id, name, containers }: Pod, word: string): boolean {
  return isMeant(word, id, [name]) || containers.some((one) => isMeant(word, one.id, [one.name]));
}

async function foundOf(connection: GrpcConnection, { id, name, namespace, isReady }: Pod): Promise<Found> {
  const known = { id, name: `${namespace}/${name}` };
  if (!isReady) return { ...known, state: 'stopped', status: 'not ready', isStarting: false };
  const request = Buffer.concat([textField(1, id), numberField(2, 1n)]);
  const reply = fieldsOf(await connection.call(`${SERVICE}/PodSandboxStatus`, request));
  const place = podPlace(textMapOf(reply, 2).get('info') ?? '');
  if (place === null) return { ...known, state: 'stopped', status: 'without a process', isStarting: false };
  return 'pid' in place ? { ...known, state: 'running', ...place } : { ...known, state: 'namespace', ...place };
}

/**
 * Where a pod's network is.
 *
 * @param info the JSON that a runtime tells when it is asked to be verbose; containerd's and CRI-O's
 *   have the process, and the OCI runtime's configuration with the namespace's path
 */
export function podPlace(info: string): { readonly pid: number } | { readonly path: string } | null {
  let known: { pid?: number; runtimeSpec?: { linux?: { namespaces?: { type?: string; path?: string }[] } } };
  try {
    known = JSON.parse(info);
  } catch {
    return null;
  }
  if (typeof known.pid === 'number' && known.pid > 0) return { pid: known.pid };
  const path = known.runtimeSpec?.linux?.namespaces?.find(({ type }) => type === 'network')?.path;
  return path?.startsWith('/') ? { path } : null;
}
