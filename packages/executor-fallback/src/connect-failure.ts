import type { FailureCode } from '@hotpath/core';
import { bareCause } from '@hotpath/core';

/** Why a connection could not be opened. */
export class ConnectFailure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, cause?: unknown) {
    super(message, { cause: bareCause(cause) });
    this.name = 'ConnectFailure';
    this.code = code;
  }
}

/** What is thrown and no failure of a network, as in a runtime that lacks something: its words are all there is to go by. */
export function connectFailureOf(error: unknown): ConnectFailure {
  if (error instanceof ConnectFailure) return error;
  return new ConnectFailure(
    'NO_CONNECTION',
    `A connection could not be opened: ${error instanceof Error ? error.message : String(error)}`,
    error,
  );
}

/** Names what went wrong while TCP was opened. */
export function tcpFailure(error: Error, host: string): ConnectFailure {
  const code = errorCode(error);
  if (code === 'ECONNREFUSED')
    return new ConnectFailure('REFUSED', `${host} refused the connection.`, error);
  if (
    code.startsWith('EAI_') ||
    code === 'ENOTFOUND' ||
    ('syscall' in error && error.syscall === 'getaddrinfo')
  ) {
    return new ConnectFailure(
      'DNS',
      `The name ${host} could not be looked up${because(code)}.`,
      error,
    );
  }
  return new ConnectFailure(
    'NO_CONNECTION',
    `No connection to ${host} could be opened${because(code)}.`,
    error,
  );
}

/** Names what went wrong while TLS was put over it. */
export function tlsFailure(error: Error, host: string): ConnectFailure {
  const code = errorCode(error);
  return new ConnectFailure('TLS', `TLS with ${host} failed${because(code)}.`, error);
}

/** What the codes mean that people meet. Others stand for themselves. */
const meanings: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'the name service does not answer',
  ENOTFOUND: 'there is no such name',
  ETIMEDOUT: 'the other side does not answer',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no network',
  ENETDOWN: 'there is no network',
  ECONNRESET: 'the other side reset the connection',
  EMFILE: 'this process has too many files open',
  ENFILE: 'this machine has too many files open',
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: "the certificate is not valid yet; is this machine's clock right?",
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by itself; `tls: { ca }` trusts one',
  SELF_SIGNED_CERT_IN_CHAIN:
    'the certificate is signed by an authority that is not trusted; `tls: { ca }` trusts one',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the certificate is signed by an authority that is not trusted; `tls: { ca }` trusts one',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'the certificate is signed by an authority that is not trusted; `tls: { ca }` trusts one',
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is another host's",
  EPROTO: 'what answers speaks no TLS',
};

function because(code: string): string {
  const meaning = meanings[code];
  return code === '' ? '' : `: ${code}${meaning === undefined ? '' : `, ${meaning}`}`;
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
