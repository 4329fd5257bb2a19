import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock, FailureCode } from '@hotpath/core';
import { setRunningTimer } from '@hotpath/core';

/** A connection that nothing has been written to. `raw` is the TCP socket under it, which alone can be reset. */
export interface OpenConnection {
  readonly socket: Socket;
  readonly raw: Socket;
}

/** Why one could not be opened. */
export class OpenFailure extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OpenFailure';
    this.code = code;
  }
}

export interface Opening {
  /** Rejects with `OpenFailure`. */
  readonly opened: Promise<OpenConnection>;
  /** Resolves when nothing of it is left. */
  readonly gone: Promise<void>;
  cancel(): void;
}

/** Opens TCP first and puts TLS over it, since a TLS socket by itself can't be reset. */
export function openConnection(
  origin: URL,
  ca: string | undefined,
  timeoutMs: number,
  clock: Clock,
): Opening {
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  const secure = origin.protocol === 'https:';
  const raw = connect({ host, port: Number(origin.port || (secure ? 443 : 80)), noDelay: true });
  // Over TLS only the upper socket says that both are gone.
  let top = raw;
  let leave = (): void => undefined;
  const gone = new Promise<void>((resolve) => (leave = resolve));
  raw.once('close', leave);
  const opened = new Promise<OpenConnection>((resolve, reject) => {
    const timer = setRunningTimer(clock, timeoutMs, () =>
      fail(new OpenFailure('NO_CONNECTION', `No connection to ${host} within ${timeoutMs} ms.`)),
    );
    const fail = (failure: OpenFailure): void => {
      timer.cancel();
      top.destroy();
      reject(failure);
    };
    const done = (connection: OpenConnection): void => {
      timer.cancel();
      resolve(connection);
    };
    raw.on('error', (error) => fail(tcpFailure(error, host)));
    raw.on('close', () =>
      fail(
        new OpenFailure(
          raw.connecting ? 'NO_CONNECTION' : 'TLS',
          `The connection to ${host} ended while it was being opened.`,
        ),
      ),
    );
    raw.once('connect', () => {
      if (!secure) return done({ socket: raw, raw });
      const socket = connectTls({ socket: raw, servername: host, ca, ALPNProtocols: ['http/1.1'] });
      top = socket;
      socket.once('close', leave);
      socket.on('error', (error) =>
        fail(new OpenFailure('TLS', `TLS with ${host} failed: ${error.message}`, error)),
      );
      socket.once('secureConnect', () => done({ socket, raw }));
    });
  });
  return { opened, gone, cancel: () => void top.destroy() };
}

function tcpFailure(error: Error, host: string): OpenFailure {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED')
    return new OpenFailure('REFUSED', `${host} refused the connection.`, error);
  if (code === 'ENOTFOUND' || code.startsWith('EAI_'))
    return new OpenFailure('DNS', `The name ${host} could not be looked up.`, error);
  return new OpenFailure('NO_CONNECTION', `No connection to ${host}: ${code}.`, error);
}

/** Ends it by a reset of its TCP socket, so that the kernel can deliver nothing later. One whose own end is under way can't be reset any more, and has nothing left to deliver. */
export function resetConnection({ socket, raw }: OpenConnection): void {
  if (raw.destroyed) return;
  if (socket.writableEnded || raw.writableEnded) raw.destroy();
  else raw.resetAndDestroy();
}
