/** What is said when a runtime cannot be asked. */
import { ContainerError, NetwireError, PermissionError, StateError } from '../errors.ts';
import { GrpcError } from '../host/grpc.ts';
import { SocketError } from '../host/unix-http.ts';

/** Codes of errors after which a runtime may be taken to have no containers on this machine. */
const HAS_NONE = ['runtime-off', 'runtime-remote'];

export function hasNone(error: NetwireError): boolean {
  return HAS_NONE.includes(error.code);
}

/**
 * The error for a daemon that could not be asked.
 *
 * @param daemon as people call it: "the engine"
 */
export function unreachable(word: string, daemon: string, error: SocketError, hint?: string): NetwireError {
  const what = `${word}: ${daemon} at ${error.socket} does not answer: ${error.message}`;
  if (error.code === 'EACCES') return new PermissionError(what);
  const off = error.code === 'ECONNREFUSED' || error.code === 'ENOENT';
  return new StateError(off ? 'runtime-off' : 'runtime', what, hint);
}

/** The same for a daemon that speaks gRPC; what is no failure to ask is thrown on. */
export function notAnswered(word: string, daemon: string, socket: string, error: unknown, hint?: string): NetwireError {
  if (error instanceof SocketError) return unreachable(word, daemon, error, hint);
  if (error instanceof GrpcError || error instanceof RangeError)
    return new StateError('runtime', `${word}: ${daemon} at ${socket} refused: ${error.message}`);
  throw error;
}

/** The path behind `unix://`, or a path itself; null for an address of another kind. */
export function socketPath(address: string): string | null {
  return /^(?:unix:(?:\/\/)?)?(\/.*)$/.exec(address)?.[1] ?? null;
}

/** The error for an address that is no unix socket. */
export function elsewhere(word: string, setting: string, address: string): StateError {
  return new StateError(
    'runtime-remote',
    `${word}: ${setting} is ${address}: only unix:// will do, a container elsewhere has no namespace on this machine`,
    `run netwire there, or unset ${setting}`,
  );
}

/** The error for the beginning of several IDs. */
export function severalIds(word: string, why: string): ContainerError {
  return new ContainerError('ambiguous', `${word}: ${why}`, 'the whole ID, or the name');
}

/**
 * Puts a runtime's name before the system's refusal to let its files be read.
 */
export function explainAsking(word: string, error: unknown): NetwireError {
  if (error instanceof NetwireError) return error;
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return new PermissionError(`${word}: ${path} may not be read`);
  // A file system that fails, or an answer in a form that nobody foresaw: another program's, not netwire's.
  return new StateError('runtime', `${word}: what it tells cannot be understood: ${message}`, undefined, {
    cause: error,
  });
}
