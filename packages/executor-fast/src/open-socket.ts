import type { LookupFunction, Socket } from 'node:net';
import type { Clock } from '@hotpath/core';
import { setRunningTimer } from '@hotpath/core';
import { buildConnector } from 'undici';
import { Arrivals } from './arrivals.ts';
import { ConnectFailure, tcpFailure, tlsFailure } from './connect-failure.ts';
import type { FastExecutorSettings } from './fast-executor-options.ts';

/** What takes longer was a loop that stood still. */
const longestRoundTripMs = 1_000;

export interface OpenSocket {
  /** What is read and written: the TLS socket, or the TCP socket itself. */
  readonly socket: Socket;
  /** The TCP socket, which alone can be reset. */
  readonly raw: Socket;
  /** Milliseconds that TCP took to open: about one round trip. */
  readonly roundTripMs: number;
  /** Calls `read` with everything that comes, also with what came before; for one reader. What it is given stays as it is. */
  onBytes(read: (bytes: Buffer) => void): void;
}

/** The TLS session that the next connection resumes. Held here because undici's own cache holds it weakly, and loses it to the next collection. */
export interface SessionKeeper {
  session: Buffer | undefined;
}

export interface SocketOpening {
  /** Rejects with `ConnectFailure`. */
  readonly opened: Promise<OpenSocket>;
  cancel(): void;
}

export interface OpenSocketParts {
  readonly origin: URL;
  readonly settings: FastExecutorSettings;
  readonly clock: Clock;
  readonly keeper: SessionKeeper;
  /** Finds the addresses of a name; undefined: the system does. */
  readonly lookup: LookupFunction | undefined;
}

/**
 * Opens TCP first and puts TLS over it, so that the TCP socket stays at hand: a TLS socket can't be reset.
 * The name is looked up anew for every connection, and its addresses of both families are tried in turn (Node's `autoSelectFamily`): a connection that an order finds open has all that behind it.
 */
export function openSocket({
  origin,
  settings,
  clock,
  keeper,
  lookup,
}: OpenSocketParts): SocketOpening {
  const stopper = new AbortController();
  const arrivals =
    origin.protocol !== 'https:' && settings.transport === 'framed' ? new Arrivals() : undefined;
  const connectTcp = tcpConnector(origin, stopper.signal, lookup, arrivals);
  const connectTls = tlsConnector(settings, keeper);
  const target = targetOf(origin);
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
    const begun = clock.monotonic();
    connectTcp({ ...target, protocol: 'http:' }, (error, raw) => {
      if (error) return stop(tcpFailure(error, origin.host));
      tcp = raw;
      if (ended) return void raw.destroy();
      const roundTripMs = Math.min(longestRoundTripMs, clock.monotonic() - begun);
      if (origin.protocol !== 'https:')
        return void (
          end() &&
          resolve({
            socket: raw,
            raw,
            roundTripMs,
            onBytes: (read) => (arrivals ? arrivals.onBytes(read) : void raw.on('data', read)),
          })
        );
      connectTls({ ...target, protocol: 'https:', httpSocket: raw }, (tlsError, socket) => {
        if (tlsError) return stop(tlsFailure(tlsError, origin.host));
        socket.on('session', (session: Buffer) => {
          keeper.session = session;
        });
        if (end())
          resolve({ socket, raw, roundTripMs, onBytes: (read) => void socket.on('data', read) });
      });
    });
  });
  return {
    opened,
    cancel: () => stop(new ConnectFailure('NO_CONNECTION', 'The executor was closed.')),
  };
}

function tcpConnector(
  origin: URL,
  signal: AbortSignal,
  lookup: LookupFunction | undefined,
  arrivals: Arrivals | undefined,
): buildConnector.connector {
  // undici's own time limit is off: ours goes by the injected clock.
  return buildConnector({
    timeout: 0,
    port: portOf(origin),
    signal,
    autoSelectFamily: true,
    ...(lookup && { lookup }),
    ...(arrivals && { onread: arrivals }),
  });
}

function tlsConnector(
  { tls: { ca, servername } }: FastExecutorSettings,
  { session }: SessionKeeper,
): buildConnector.connector {
  // Said outright: an inherited NODE_TLS_REJECT_UNAUTHORIZED=0 would let anybody on the way read the key and answer in the venue's name.
  // safeguard: certificates are checked whatever the environment says, fast executor
  const connectTls = buildConnector({
    rejectUnauthorized: true,
    timeout: 0,
    allowH2: false,
    ...(ca && { ca: typeof ca === 'string' ? ca : [...ca] }),
    ...(servername && { servername }),
    ...(session && { session }),
  });
  // end of safeguard
  return connectTls;
}

function targetOf(origin: URL): {
  readonly hostname: string;
  readonly host: string;
  readonly port: string;
} {
  return {
    hostname: origin.hostname.replace(/^\[|\]$/gu, ''),
    host: origin.host,
    port: String(portOf(origin)),
  };
}

function portOf(origin: URL): number {
  return Number(origin.port || (origin.protocol === 'https:' ? 443 : 80));
}
