import { HttpTransportType, HubConnectionBuilder, NullLogger } from '@microsoft/signalr';
import type { HubConnection } from '@microsoft/signalr';
import type { ClientOptions } from 'ws';
import { WebSocket } from 'ws';
import type { EventProtocolParts } from './hub-event.ts';
import { EventProtocol } from './event-protocol.ts';

/** A call of a hub's method. */
export interface HubCall {
  readonly method: string;
  readonly given: readonly (string | number)[];
}

export interface HubLinkParts extends EventProtocolParts {
  readonly url: URL;
  readonly token: string;
  /** Certificates to trust in place of the system's, in PEM form. */
  readonly ca: string | undefined;
  /** The connection is over: said once, and nothing comes after it. */
  closed(because: string): void;
}

/** The runtime's longest timer: the stock client's own watchdog is off, because ours keeps the injected time. */
const neverMs = 2_147_483_647;

/** One connection of the stock client, which neither negotiates nor reconnects. */
export class HubLink {
  readonly #connection: HubConnection;
  readonly #parts: HubLinkParts;
  /** What the client opened; it offers no way to end one that is still being opened, nor one whose other end is gone. */
  #socket: WebSocket | undefined;
  #socketError: string | undefined;
  #over = false;

  constructor(parts: HubLinkParts) {
    this.#parts = parts;
    // A connection that is given up may still have a word in the socket.
    const protocol = new EventProtocol({
      heard: () => this.#over || parts.heard(),
      event: (event) => this.#over || parts.event(event),
      unreadable: (length) => this.#over || parts.unreadable(length),
    });
    const address = new URL(parts.url);
    // The documents give the token in the query as well as in the header; one client found the query to be needed.
    address.searchParams.set('access_token', parts.token);
    // The client takes a constructor of sockets as well, though its types leave that out.
    const options = {
      transport: HttpTransportType.WebSockets,
      skipNegotiation: true,
      accessTokenFactory: () => parts.token,
      WebSocket: this.#socketClass(),
    };
    this.#connection = new HubConnectionBuilder()
      .withUrl(address.href, options)
      // The client's own log would hold the address, and the token with it.
      .configureLogging(NullLogger.instance)
      .withHubProtocol(protocol)
      .build();
    this.#connection.serverTimeoutInMilliseconds = neverMs;
    this.#connection.onclose((error) =>
      this.#end(error?.message ?? 'the hub ended the connection'),
    );
  }

  /** Rejects when the hub can't be reached or refuses. */
  async open(): Promise<void> {
    try {
      await this.#connection.start();
    } catch (error) {
      // The socket's own words say which it was: refused, no such host, or the status of the answer.
      throw this.#socketError === undefined
        ? error
        : new Error(this.#socketError, { cause: error });
    }
  }

  /** Resolves when the hub has confirmed, and rejects with its refusal. */
  async invoke({ method, given }: HubCall): Promise<void> {
    await this.#connection.invoke(method, ...given);
  }

  /** Gives the connection up. What its socket still brings is not heard. */
  close(because: string): void {
    this.#end(because);
    // The stock client waits for a socket that is being opened; nobody waits for it here.
    this.#connection.stop().catch(() => undefined);
    const socket = this.#socket;
    // After the client's farewell is handed over: a peer that is gone would keep the process for half a minute.
    setImmediate(() => socket?.terminate());
  }

  #socketClass(): new (
    address: string | URL,
    protocols?: string | string[],
    given?: ClientOptions,
  ) => WebSocket {
    const made = (socket: WebSocket): void => {
      this.#socket = socket;
      socket.on('error', (error) => (this.#socketError = error.message));
      if (this.#over) socket.terminate();
    };
    const { ca } = this.#parts;
    return class extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[], given?: ClientOptions) {
        // One message a turn: the socket reads hundreds of them at once, and an order that falls due would wait for all.
        const options = {
          ...given,
          perMessageDeflate: false,
          allowSynchronousEvents: false,
          followRedirects: false,
        };
        // safeguard: certificates are checked whatever the environment says, hubs
        const tls = { rejectUnauthorized: true, ...(ca !== undefined && { ca }) };
        super(address, protocols, { ...options, ...tls });
        made(this);
      }
    };
  }

  #end(because: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#parts.closed(because);
  }
}
