/** gRPC calls to a daemon's socket: one message there and one back (gRPC over HTTP/2, PROTOCOL-HTTP2.md). */
import { SocketError, socketReason } from './unix-http.ts';

/** The daemon refused; `status` is gRPC's number. */
export class GrpcError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Numbers of google.rpc.Code that something follows from. */
export const GRPC_UNIMPLEMENTED = 12;

export interface GrpcConnection {
  /**
   * @param method `/package.Service/Method`
   * @param message encoded
   * @returns the reply, encoded
   * @throws GrpcError when it is refused, SocketError when there is no answer
   */
  call(method: string, message: Buffer, headers?: Readonly<Record<string, string>>): Promise<Buffer>;
  close(): void;
}

/** A byte that says whether the message is compressed, four of its length. */
const PREFIX_BYTES = 5;

/**
 * Connects; whether anybody listens is told by the first call.
 *
 * @param seconds until which all calls together must be answered
 */
export async function connectGrpc(socket: string, seconds: number): Promise<GrpcConnection> {
  const { connect } = await import('node:http2');
  const { connect: connectSocket } = await import('node:net');
  const session = connect('http://localhost', { createConnection: () => connectSocket(socket) });
  let broken: SocketError | null = null;
  const fail = (code: string, why: string) => {
    broken ??= new SocketError(socket, code, why);
    session.destroy();
  };
  session.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'EPROTO', socketReason(error)));
  const timer = setTimeout(() => fail('ETIMEDOUT', `no answer within ${seconds} s`), seconds * 1000);
  session.on('close', () => clearTimeout(timer));

  const call: GrpcConnection['call'] = (method, message, headers = {}) =>
    new Promise((resolve, reject) => {
      if (broken !== null) return reject(broken);
      const answer: Buffer[] = [];
      let told: Readonly<Record<string, unknown>> = {};
      const stream = session.request({
        ':method': 'POST',
        ':path': method,
        'content-type': 'application/grpc',
        te: 'trailers',
        ...headers,
      });
      stream.on('response', (given) => {
        told = { ...told, ...given };
      });
      stream.on('trailers', (given) => {
        told = { ...told, ...given };
      });
      stream.on('data', (chunk: Buffer) => answer.push(chunk));
      stream.on('error', () => {});
      stream.on('close', () => {
        const status = told['grpc-status'];
        if (status === '0') resolve(Buffer.concat(answer).subarray(PREFIX_BYTES));
        else if (status === undefined) reject(broken ?? new SocketError(socket, 'EPROTO', 'this is no gRPC'));
        else reject(new GrpcError(Number(status), decoded(String(told['grpc-message'] ?? `status ${status}`))));
      });
      const prefix = Buffer.alloc(PREFIX_BYTES);
      prefix.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([prefix, message]));
    });
  return { call, close: () => session.destroy() };
}

/** A message's bytes that are not ASCII stand as `%XX`; a stray percent sign is no reason to fail. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
