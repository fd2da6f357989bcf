/**
 * containerd's gRPC services (api/services/{namespaces,containers,tasks}/v1), the same since 1.0.
 * The numbers are those of the fields in its .proto files.
 */
import { connectGrpc, type GrpcConnection, GrpcError } from '../host/grpc.ts';
import { notAnswered } from './asking.ts';
import { fieldsOf, messagesOf, numberOf, textField, textMapOf, textOf } from './protobuf.ts';
import { type Found, isMeant } from './runtime.ts';

/** containerd.v1.types.Status by its number. */
const STATUSES = ['unknown', 'created', 'running', 'stopped', 'paused', 'pausing'];
const STOPPED = 3;

/** Where nerdctl writes a container's name. */
const NAME_LABEL = 'nerdctl/name';

/**
 * Looks a container up in one namespace or all.
 *
 * @param name its ID, the beginning of that, or its name
 * @throws StateError when containerd does not answer, PermissionError when it may not be asked
 */
export async function searchContainerd(
  socket: string,
  namespace: string | null,
  name: string,
  seconds: number,
): Promise<Found[]> {
  const connection = await connectGrpc(socket, seconds);
  try {
    const namespaces = namespace === null ? await namespacesOf(connection) : [namespace];
    const found = await Promise.all(namespaces.map((one) => searchNamespace(connection, one, name)));
    return found.flat();
  } catch (error) {
    throw notAnswered('containerd', 'the daemon', socket, error, 'systemctl status containerd');
  } finally {
    connection.close();
  }
}

async function namespacesOf(connection: GrpcConnection): Promise<string[]> {
  const reply = await connection.call('/containerd.services.namespaces.v1.Namespaces/List', Buffer.alloc(0));
  return messagesOf(fieldsOf(reply), 1).map((one) => textOf(one, 1));
}

async function searchNamespace(connection: GrpcConnection, namespace: string, name: string): Promise<Found[]> {
  const headers = { 'containerd-namespace': namespace };
  const list = await connection.call('/containerd.services.containers.v1.Containers/List', Buffer.alloc(0), headers);
  const meant = messagesOf(fieldsOf(list), 1).flatMap((container) => {
    const id = textOf(container, 1);
    const own = textMapOf(container, 2).get(NAME_LABEL);
    return isMeant(name, id, own === undefined ? [] : [own]) ? [{ id, name: `${namespace}/${own ?? id}` }] : [];
  });
  return Promise.all(
    meant.map(async (known): Promise<Found> => {
      const { pid, status } = await taskOf(connection, known.id, headers);
      return pid > 0 && status !== STOPPED
        ? { ...known, state: 'running', pid }
        : { ...known, state: 'stopped', status: STATUSES[status] ?? 'unknown', isStarting: status !== STOPPED };
    }),
  );
}

/** A container without a task was created and not started. */
async function taskOf(connection: GrpcConnection, id: string, headers: Readonly<Record<string, string>>) {
  try {
    const reply = await connection.call('/containerd.services.tasks.v1.Tasks/Get', textField(1, id), headers);
    const [task] = messagesOf(fieldsOf(reply), 1);
    return task === undefined
      ? { pid: 0, status: STATUSES.indexOf('created') }
      : { pid: numberOf(task, 3), status: numberOf(task, 4) };
  } catch (error) {
    if (error instanceof GrpcError) return { pid: 0, status: STATUSES.indexOf('created') };
    throw error;
  }
}
