import { readSync } from 'node:fs';
import type { Socket } from 'node:net';
import { errorCode } from './connect-failure.ts';

/** `quiet`: nothing has come. `not-quiet`: bytes, an end or an error have. `unknown`: it can't be told. */
export type Quietness = 'quiet' | 'not-quiet' | 'unknown';

/** What an idle connection is asked. */
export interface SocketProbe {
  /** Whether `look` can tell anything of this socket. */
  sees(raw: Socket): boolean;
  look(raw: Socket): Quietness;
}

const oneByte = Buffer.alloc(1);

/**
 * Asks the kernel, without waiting, whether anything has come on an idle connection. A byte that has is taken from it: what is not quiet must be destroyed.
 * The descriptor is an internal of Node, reached here and nowhere else; where there is none the answer is `unknown`.
 */
function look(raw: Socket): Quietness {
  const descriptor = descriptorOf(raw);
  if (descriptor === undefined) return 'unknown';
  // The usual answer is an error, of which only the code is wanted: the trace would cost more than the read.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    readSync(descriptor, oneByte, 0, 1, null);
    return 'not-quiet';
  } catch (error) {
    const code = errorCode(error);
    return code === 'EAGAIN' || code === 'EWOULDBLOCK' ? 'quiet' : 'not-quiet';
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Undefined where there is none. */
export function descriptorOf(raw: Socket): number | undefined {
  if (!('_handle' in raw)) return undefined;
  const { _handle: handle } = raw;
  if (typeof handle !== 'object' || handle === null || !('fd' in handle)) return undefined;
  // Windows has no descriptors for sockets: -1 there.
  return typeof handle.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined;
}

export const descriptorProbe: SocketProbe = {
  sees: (raw) => descriptorOf(raw) !== undefined,
  look,
};
