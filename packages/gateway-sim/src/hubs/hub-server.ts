import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { TokenDesk } from '../auth/token-desk.ts';
import type { GatewayClock } from '../clock.ts';
import { after } from '../clock.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { FaultBook } from '../faults/fault-book.ts';
import type { GatewayLog } from '../http/gateway-log.ts';
import type { Reply } from '../http/reply.ts';
import { reset } from '../http/reset-connection.ts';
import type { Route } from '../http/route.ts';
import type { Hub } from './hub.ts';
import type { HubName } from './hub-connection.ts';
import { eventFrame, HubConnection } from './hub-connection.ts';
import { MarketHub } from './market-hub.ts';
import type { EventDraws, HubRules } from './hub-rules.ts';
import { UserHub } from './user-hub.ts';

export interface HubServerParts {
  readonly clock: GatewayClock;
  readonly tokens: TokenDesk;
  readonly faults: FaultBook;
  readonly rules: HubRules;
  /** Milliseconds between pings; 0 for none. */
  readonly keepAliveMs: number;
  /** What a connection does when its token ends. */
  readonly tokenEnd: 'ignored' | 'logout-event' | 'closed';
  readonly log: GatewayLog | undefined;
}

const names: readonly HubName[] = ['user', 'market'];
/** As the framework behind the gateway has it. */
const largestRecord = 32 * 1024;

/** The two hubs on the gateway's own port. Negotiation is offered and not needed. */
export class HubServer {
  readonly #parts: HubServerParts;
  readonly #hubs: Readonly<Record<HubName, Hub>>;
  readonly #connections = new Map<
    HubConnection,
    { readonly name: HubName; readonly token: string }
  >();
  /** Connections that were told that their token ended. */
  readonly #loggedOut = new WeakSet<HubConnection>();
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: largestRecord,
  });
  /** Upgrades that are kept waiting: nothing else would end them. */
  readonly #waiting = new Set<Duplex>();
  readonly #pinging: { cancel(): void } | undefined;

  constructor(parts: HubServerParts) {
    this.#parts = parts;
    this.#hubs = {
      user: new UserHub(parts.clock, parts.rules),
      market: new MarketHub(parts.rules),
    };
    this.#pinging =
      parts.keepAliveMs > 0 ? parts.clock.every(parts.keepAliveMs, () => this.#ping()) : undefined;
  }

  /** Announces this exchange's events from here on, as after a reset. */
  attach(exchange: Exchange, draws: EventDraws): void {
    for (const name of names) this.#hubs[name].attach(exchange, draws);
  }

  listenOn(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** The negotiate endpoint at this whole path in lower case. */
  route(path: string): Route | undefined {
    const name = names.find((hub) => path === `/hubs/${hub}/negotiate`);
    return (
      name && {
        path: `hubs/${name}/negotiate`,
        needsToken: true,
        takesBody: false,
        bucket: 'everything-else',
        handle: negotiate,
      }
    );
  }

  /** Cuts every connection, or those of one hub. */
  drop(hub?: HubName): void {
    for (const [connection, { name }] of this.#connections)
      if (hub === undefined || hub === name) connection.drop();
  }

  close(): void {
    this.#pinging?.cancel();
    for (const name of names) this.#hubs[name].close();
    this.drop();
    for (const socket of this.#waiting) socket.destroy();
  }

  /** Looks at every connection's token, as after a revocation. */
  checkTokens(): void {
    const { clock, tokens, tokenEnd } = this.#parts;
    if (tokenEnd === 'ignored') return;
    const now = clock.now();
    for (const [connection, { token }] of this.#connections) {
      if (tokens.check(token, now) !== undefined || this.#loggedOut.has(connection)) continue;
      this.#loggedOut.add(connection);
      if (tokenEnd === 'logout-event')
        connection.send({ target: 'GatewayLogout', frame: eventFrame('GatewayLogout', []) });
      else connection.end('The token has ended.');
    }
  }

  #ping(): void {
    this.checkTokens();
    for (const connection of this.#connections.keys()) connection.ping();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { clock, tokens, faults, log, rules } = this.#parts;
    socket.on('error', () => socket.destroy());
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    // One client opens `/hubs/market/?id=…`: routing ignores a slash at the end.
    const routed = rules.trailingSlash ? path.replace(/\/$/, '') : path;
    const name = names.find((hub) => routed.toLowerCase() === `/hubs/${hub}`);
    if (!name) return refuse(socket, '404 Not Found');
    const note = (status: number | undefined, fault?: string): void =>
      log?.({
        at: clock.now(),
        method: 'GET',
        path,
        status,
        fault,
        errorCode: undefined,
        errorMessage: undefined,
        customTag: undefined,
      });
    if (faults.strikesHead(`hubs/${name}`)) {
      note(undefined, 'reset');
      return reset(request);
    }
    const open = (): void => {
      const token = hubToken(request, query);
      if (token === undefined || tokens.check(token, clock.now()) === undefined) {
        note(401);
        return refuse(socket, '401 Unauthorized');
      }
      note(101);
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) =>
        this.#connected(webSocket, name, token),
      );
    };
    const fault = faults.requestFault(`hubs/${name}`, () => undefined);
    if (fault?.kind === 'status') {
      note(fault.status, fault.kind);
      return refuse(socket, `${fault.status} ${STATUS_CODES[fault.status] ?? 'Refused'}`);
    }
    if (fault?.kind === 'reset') {
      note(undefined, fault.kind);
      return reset(request);
    }
    // What concerns a body does not concern an upgrade.
    const waitMs = fault?.kind === 'stall' ? fault.forMs : fault?.kind === 'delay' ? fault.byMs : 0;
    if (waitMs === 0) return open();
    this.#waiting.add(socket);
    socket.once('close', () => this.#waiting.delete(socket));
    if (waitMs !== undefined) {
      after(clock, waitMs, () => {
        if (this.#waiting.delete(socket)) open();
      });
    }
  }

  #connected(webSocket: WebSocket, name: HubName, token: string): void {
    const { clock, faults } = this.#parts;
    const hub = this.#hubs[name];
    const connection = new HubConnection(webSocket, {
      hub: name,
      clock,
      faults,
      otherVersions: this.#parts.rules.otherVersions,
      invoke: (caller, target, given) => hub.invoke(caller, target, given),
      closed: (gone) => {
        hub.forget(gone);
        this.#connections.delete(gone);
      },
    });
    this.#connections.set(connection, { name, token });
  }
}

/** From the query, as the documents have it, or from the header. */
export function hubToken(request: IncomingMessage, query: string): string | undefined {
  const { authorization } = request.headers;
  return (
    new URLSearchParams(query).get('access_token') ??
    (authorization?.startsWith('Bearer ') === true
      ? authorization.slice('Bearer '.length)
      : undefined)
  );
}

function negotiate(): Reply {
  const [connectionId, connectionToken] = [
    randomBytes(16).toString('base64url'),
    randomBytes(16).toString('base64url'),
  ];
  const transports = [{ transport: 'WebSockets', transferFormats: ['Text', 'Binary'] }];
  return {
    status: 200,
    body: JSON.stringify({
      negotiateVersion: 1,
      connectionId,
      connectionToken,
      availableTransports: transports,
    }),
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
