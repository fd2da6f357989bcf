/** One GET request to a daemon's socket. Bare HTTP/1.0: loading a client costs more than the answer. */
import { connect } from 'node:net';

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
 * @param path with its query, encoded
 * @param seconds until the whole reply must be there
 * @throws SocketError when there is no answer
 */
export function get(socket: string, path: string, seconds: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = connect(socket);
    const chunks: Buffer[] = [];
    let length = 0;
    const fail = (code: string, why: string) => {
      reject(new SocketError(socket, code, why));
      call.destroy();
    };
    const timer = setTimeout(() => fail('ETIMEDOUT', `no answer within ${seconds} s`), seconds * 1000);
    call.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > BODY_BYTES) fail('EPROTO', 'the answer is too long');
    });
    call.on('end', () => {
      const reply = parseReply(Buffer.concat(chunks).toString('utf8'));
      if (reply === null) fail('EPROTO', 'the answer is no HTTP, or ends early');
      else resolve(reply);
    });
    call.on('close', () => clearTimeout(timer));
    call.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'EPROTO', socketReason(error)));
    // Of this version the server ends the connection behind its answer, and sends that in one piece.
    call.write(`GET ${path} HTTP/1.0\r\nHost: localhost\r\n\r\n`);
  });
}

/** Why a socket could not be reached, for people. */
export function socketReason(error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNREFUSED') return 'connection refused';
  if (error.code === 'ENOENT') return 'no such socket';
  if (error.code === 'EACCES') return 'permission denied';
  return error.message;
}

/**
 * @param text the whole answer
 * @returns null when it is none (RFC 9112), or shorter than it says
 */
export function parseReply(text: string): Reply | null {
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (end === -1 || status === undefined || /^transfer-encoding:/im.test(head)) return null;
  const body = text.slice(end + 4);
  const length = /^content-length:\s*(\d+)\s*$/im.exec(head)?.[1];
  if (length !== undefined && Buffer.byteLength(body) < Number(length)) return null;
  return { status: Number(status), body: parse(body) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
