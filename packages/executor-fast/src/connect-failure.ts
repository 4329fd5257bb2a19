import type { FailureCode } from '@hotpath/core';

/** Why a connection could not be opened. */
export class ConnectFailure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ConnectFailure';
    this.code = code;
  }
}

/** What is thrown and no failure of a network, as in a runtime that lacks something: its words are all there is to go by. */
export function connectFailureOf(error: unknown): ConnectFailure {
  if (error instanceof ConnectFailure) return error;
  return new ConnectFailure('NO_CONNECTION', `A connection could not be opened: ${error instanceof Error ? error.message : String(error)}`, error);
}

/** Names what went wrong while TCP was opened. */
export function tcpFailure(error: Error, host: string): ConnectFailure {
  const code = errorCode(error);
  if (code === 'ECONNREFUSED') return new ConnectFailure('REFUSED', `${host} refused the connection.`, error);
  if (code.startsWith('EAI_') || code === 'ENOTFOUND' || ('syscall' in error && error.syscall === 'getaddrinfo')) {
    return new ConnectFailure('DNS', `The name ${host} could not be looked up.`, error);
  }
  return new ConnectFailure('NO_CONNECTION', `No connection to ${host} could be opened${code && `: ${code}`}.`, error);
}

/** Names what went wrong while TLS was put over it. */
export function tlsFailure(error: Error, host: string): ConnectFailure {
  const code = errorCode(error);
  return new ConnectFailure('TLS', `TLS with ${host} failed${code && `: ${code}`}.`, error);
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
