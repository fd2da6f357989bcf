/** One GET request to a daemon's socket. */

/** The daemon could not be asked. `code` is the system's (ECONNREFUSED, EACCES ...) or ETIMEDOUT. */
export class SocketError extends Error {
  constructor(
    readonly socket: string,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Reply {
  readonly status: number;
  /** Null when the body is not JSON. */
  readonly body: unknown;
}

/** 64 MiB: a list of a hundred thousand containers. */
const BODY_BYTES = 64 * 1024 * 1024;

/**
 * @param socket path of a unix socket
 * @param path with its query
 * @param seconds until the whole reply must be there
 * @throws SocketError when there is no answer
 */
export async function get(socket: string, path: string, seconds: number): Promise<Reply> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const fail = (code: string, why: string) => reject(new SocketError(socket, code, why));
    const call = request({ socketPath: socket, path, headers: { Host: 'localhost' }, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > BODY_BYTES) call.destroy(new Error('the answer is too long'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) }));
      response.on('error', (error) => fail('EPROTO', error.message));
    });
    const timer = setTimeout(() => {
      fail('ETIMEDOUT', `no answer within ${seconds} s`);
      call.destroy();
    }, seconds * 1000);
    call.on('close', () => clearTimeout(timer));
    call.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'EPROTO', reason(error)));
    call.end();
  });
}

function reason(error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNREFUSED') return 'connection refused';
  if (error.code === 'ENOENT') return 'no such socket';
  if (error.code === 'EACCES') return 'permission denied';
  return error.message;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
