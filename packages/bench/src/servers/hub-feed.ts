import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { fillEvents, marketEvent, userEvent } from './hub-events.ts';
import { listen } from './listen.ts';
import { createServer } from 'node:http';

const separator = '\u001E';
/** Bursts, as markets come: an even flow would let every order find a gap. */
const everyMs = 100;
const perMessage = 25;
/** Of so many events one is of the user hub. */
const userEvery = 25;

/** The two hubs with as little work as can be: events are written ahead, so that the sender is not what is measured. */
export class HubFeed {
  readonly url: string;
  readonly #user = new Set<WebSocket>();
  readonly #market = new Map<WebSocket, Set<string>>();
  #flow: NodeJS.Timeout | undefined;
  #sent = 0;

  private constructor(url: string) {
    this.url = url;
  }

  static async start(): Promise<HubFeed> {
    const server = createServer();
    const sockets = new WebSocketServer({ server, perMessageDeflate: false });
    const feed = new HubFeed(`http://127.0.0.1:${await listen(server)}`);
    sockets.on('connection', (socket, request) => feed.#connected(socket, request.url ?? ''));
    setInterval(() => {
      for (const socket of sockets.clients) socket.send(`{"type":6}${separator}`);
    }, 5_000).unref();
    return feed;
  }

  /** Whether anybody listens to the user hub. */
  get isHeard(): boolean {
    return this.#user.size > 0;
  }

  /** Tells that an order was filled, as the venue does: after its answer. */
  filled(orderId: number, request: string): void {
    const events = fillEvents(orderId, request).join(separator) + separator;
    setImmediate(() => {
      for (const socket of this.#user) socket.send(events);
    });
  }

  /** From now on so many events a second; gives how many were sent before. */
  flow(eventsPerSecond: number): number {
    clearInterval(this.#flow);
    const sent = this.#sent;
    this.#sent = 0;
    const perBurst = Math.round((eventsPerSecond * everyMs) / 1_000);
    if (perBurst === 0) return sent;
    const contracts = [...new Set([...this.#market.values()].flatMap((ids) => [...ids]))];
    if (contracts.length === 0) throw new Error('Nobody watches a contract.');
    const bursts = Array.from({ length: 8 }, (_, burst) =>
      written(contracts, perBurst, burst * perBurst),
    );
    let next = 0;
    this.#flow = setInterval(() => {
      const burst = bursts[next % bursts.length];
      next += 1;
      if (!burst) return;
      for (const socket of this.#user) for (const message of burst.user) socket.send(message);
      for (const socket of this.#market.keys())
        for (const message of burst.market) socket.send(message);
      this.#sent += perBurst;
    }, everyMs);
    return sent;
  }

  #connected(socket: WebSocket, path: string): void {
    const isUser = path.startsWith('/hubs/user');
    const watched = new Set<string>();
    if (isUser) this.#user.add(socket);
    else this.#market.set(socket, watched);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#user.delete(socket);
      this.#market.delete(socket);
    });
    socket.on('message', (data) => {
      for (const record of (Buffer.isBuffer(data) ? data.toString('utf8') : '').split(separator)) {
        const message: unknown = record === '' ? undefined : JSON.parse(record);
        if (typeof message !== 'object' || message === null) continue;
        if ('protocol' in message) socket.send(`{}${separator}`);
        if (!('target' in message) || !('invocationId' in message)) continue;
        const [contractId]: unknown[] =
          'arguments' in message && Array.isArray(message.arguments) ? message.arguments : [];
        if (typeof contractId === 'string') watched.add(contractId);
        socket.send(
          `${JSON.stringify({ type: 3, invocationId: message.invocationId, result: null })}${separator}`,
        );
      }
    });
  }
}

interface Burst {
  readonly user: readonly string[];
  readonly market: readonly string[];
}

function written(contracts: readonly string[], count: number, from: number): Burst {
  const user: string[] = [];
  const market: string[] = [];
  for (let index = from; index < from + count; index += 1) {
    if (index % userEvery === 0) user.push(userEvent(index));
    else market.push(marketEvent(contracts[index % contracts.length] ?? '', index));
  }
  return { user: messages(user), market: messages(market) };
}

function messages(events: readonly string[]): string[] {
  const count = Math.ceil(events.length / perMessage);
  return Array.from(
    { length: count },
    (_, index) =>
      events.slice(index * perMessage, (index + 1) * perMessage).join(separator) + separator,
  );
}
