import type { Socket } from 'node:net';
import type { Clock } from '@hotpath/core';
import { setRunningTimer } from '@hotpath/core';
import { buildConnector } from 'undici';
import { ConnectFailure, tcpFailure, tlsFailure } from './connect-failure.ts';
import type { FallbackExecutorSettings } from './fallback-executor-options.ts';

export interface OpenSocket {
  /** What is read and written: the TLS socket, or the TCP socket itself. */
  readonly socket: Socket;
  /** The TCP socket, which alone can be reset. */
  readonly raw: Socket;
}

export interface SocketOpening {
  /** Rejects with `ConnectFailure`. */
  readonly opened: Promise<OpenSocket>;
  cancel(): void;
}

/** Opens TCP first and puts TLS over it, so that the TCP socket stays at hand: a TLS socket can't be reset. */
export function openSocket(
  origin: URL,
  settings: FallbackExecutorSettings,
  clock: Clock,
): SocketOpening {
  const { ca, servername } = settings.tls;
  const stopper = new AbortController();
  // undici's own time limit is off: ours goes by the injected clock.
  const connectTcp = buildConnector({ timeout: 0, port: portOf(origin), signal: stopper.signal });
  // Said outright: an inherited NODE_TLS_REJECT_UNAUTHORIZED=0 would let anybody on the way read the key and answer in the venue's name.
  // safeguard: certificates are checked whatever the environment says, fallback executor
  const connectTls = buildConnector({
    rejectUnauthorized: true,
    timeout: 0,
    allowH2: false,
    ...(ca && { ca: typeof ca === 'string' ? ca : [...ca] }),
    ...(servername && { servername }),
  });
  // end of safeguard
  const target = {
    hostname: origin.hostname.replace(/^\[|\]$/gu, ''),
    host: origin.host,
    port: String(portOf(origin)),
  };
  let stop: (failure: ConnectFailure) => void = () => {};
  const opened = new Promise<OpenSocket>((resolve, reject) => {
    let tcp: Socket | undefined;
    let ended = false;
    const end = (): boolean => {
      if (ended) return false;
      ended = true;
      timer.cancel();
      return true;
    };
    stop = (failure) => {
      if (!end()) return;
      reject(failure);
      stopper.abort();
      tcp?.destroy();
    };
    // Opening a connection needs turns of the loop: time in which that stood still is not counted.
    const timer = setRunningTimer(clock, settings.connectTimeoutMs, () => {
      stop(
        new ConnectFailure(
          'NO_CONNECTION',
          `No connection to ${origin.host} within ${settings.connectTimeoutMs} ms.`,
        ),
      );
    });
    connectTcp({ ...target, protocol: 'http:' }, (error, raw) => {
      if (error) return stop(tcpFailure(error, origin.host));
      tcp = raw;
      if (ended) return void raw.destroy();
      if (origin.protocol !== 'https:') return void (end() && resolve({ socket: raw, raw }));
      connectTls({ ...target, protocol: 'https:', httpSocket: raw }, (tlsError, socket) => {
        if (tlsError) stop(tlsFailure(tlsError, origin.host));
        else if (end()) resolve({ socket, raw });
      });
    });
  });
  return {
    opened,
    cancel: () => stop(new ConnectFailure('NO_CONNECTION', 'The executor was closed.')),
  };
}

function portOf(origin: URL): number {
  return Number(origin.port || (origin.protocol === 'https:' ? 443 : 80));
}
