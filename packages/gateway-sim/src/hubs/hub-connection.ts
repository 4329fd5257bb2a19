import { HubConnectionState, JsonHubProtocol, MessageType, NullLogger } from '@microsoft/signalr';
import type { HubMessage } from '@microsoft/signalr';
import type { RawData, WebSocket } from 'ws';
import type { GatewayClock } from '../clock.ts';
import { after } from '../clock.ts';
import type { HubFaults } from '../faults/fault-book.ts';
import type { HubRules } from './hub-rules.ts';

export type HubName = 'user' | 'market';

/** One event, written once for all who get it. */
export interface HubEvent {
  readonly target: string;
  readonly frame: string;
  readonly accountId?: number | undefined;
}

export interface HubConnectionParts {
  readonly hub: HubName;
  readonly clock: GatewayClock;
  readonly faults: HubFaults;
  readonly otherVersions: HubRules['otherVersions'];
  /** Does what a client calls; gives the error text when it cannot. */
  invoke(connection: HubConnection, target: string, given: readonly unknown[]): string | undefined;
  closed(connection: HubConnection): void;
}

const protocol = new JsonHubProtocol();
const separator = '\u001E';
/** Beyond this much unread, a client is cut off as the gateway's own framework would. */
const largestBacklog = 16 * 1024 * 1024;

/** How long a client of another version is kept waiting. */
const versionPatienceMs = 2000;

/** One event as a frame. */
export function eventFrame(target: string, given: readonly unknown[]): string {
  return protocol.writeMessage({ type: MessageType.Invocation, target, arguments: [...given] });
}

/** The server's end of one connection. */
export class HubConnection {
  readonly #socket: WebSocket;
  readonly #parts: HubConnectionParts;
  #state: HubConnectionState = HubConnectionState.Connecting;
  #outbox = '';
  #flushing = false;
  #held: string | undefined;
  #mute = false;
  /** Nothing it sends is read any more. */
  #ignored = false;

  constructor(socket: WebSocket, parts: HubConnectionParts) {
    this.#socket = socket;
    this.#parts = parts;
    socket.on('message', (data) => this.#receive(data));
    socket.on('close', () => parts.closed(this));
    // What follows an error is a close; there is nobody else to tell.
    socket.on('error', () => {});
  }

  send(event: HubEvent): void {
    const { faults, hub, clock } = this.#parts;
    const fault = faults.hubFault({ hub, event: event.target, accountId: event.accountId });
    switch (fault?.kind) {
      case 'event-drop':
        return;
      case 'event-delay':
        return void after(clock, fault.byMs, () => this.#write(event.frame));
      case 'event-reorder':
        this.#release();
        this.#held = event.frame;
        return;
      case 'event-duplicate':
        this.#write(event.frame);
        break;
      case 'hub-drop':
        return this.drop();
      case 'hub-mute':
        this.#mute = true;
        if (fault.forMs !== undefined) after(clock, fault.forMs, () => (this.#mute = false));
        return;
      case undefined:
        break;
    }
    this.#write(event.frame);
    this.#release();
  }

  ping(): void {
    if (this.#state === HubConnectionState.Connected)
      this.#write(protocol.writeMessage({ type: MessageType.Ping }));
  }

  /** Cuts the connection without a word. */
  drop(): void {
    this.#socket.terminate();
  }

  #release(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.#write(held);
  }

  #receive(data: RawData): void {
    if (this.#ignored) return;
    try {
      const text = Buffer.isBuffer(data) ? data.toString('utf8') : '';
      const rest = this.#state === HubConnectionState.Connecting ? this.#shakeHands(text) : text;
      for (const message of protocol.parseMessages(rest, NullLogger.instance))
        this.#answer(message);
    } catch {
      this.end('Connection closed with an error.');
    }
  }

  /** Takes the first record, and gives what follows it. */
  #shakeHands(text: string): string {
    const end = text.indexOf(separator);
    const wanted: unknown = JSON.parse(text.slice(0, Math.max(0, end)));
    const isJson =
      typeof wanted === 'object' &&
      wanted !== null &&
      'protocol' in wanted &&
      wanted.protocol === protocol.name;
    if (!isJson) {
      this.#write(JSON.stringify({ error: 'The protocol is not supported.' }) + separator);
      this.#close();
      return '';
    }
    if (
      this.#parts.otherVersions === 'closed' &&
      !('version' in wanted && (wanted.version === 1 || wanted.version === 2))
    ) {
      // One client met it: no answer, no events, and the end after about two seconds.
      this.#ignored = true;
      after(this.#parts.clock, versionPatienceMs, () => this.#close());
      return '';
    }
    this.#state = HubConnectionState.Connected;
    this.#write(`{}${separator}`);
    return text.slice(end + 1);
  }

  #answer(message: HubMessage): void {
    if (message.type === MessageType.Close) return this.#socket.close();
    if (message.type !== MessageType.Invocation) return;
    const { target, invocationId } = message;
    const error = this.#parts.invoke(this, target, message.arguments);
    if (invocationId === undefined) return;
    const outcome =
      error === undefined
        ? { result: null }
        : { error: `Failed to invoke '${target}' due to an error on the server. ${error}` };
    this.#write(protocol.writeMessage({ type: MessageType.Completion, invocationId, ...outcome }));
  }

  /** Closes with a reason. */
  end(error: string): void {
    this.#write(protocol.writeMessage({ type: MessageType.Close, error }));
    this.#close();
  }

  #close(): void {
    this.#flush();
    this.#socket.close();
  }

  /** Frames of one turn leave in one write: a busy market costs one system call and not hundreds. */
  #write(frame: string): void {
    if (this.#mute) return;
    this.#outbox += frame;
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    const frames = this.#outbox;
    this.#outbox = '';
    if (frames === '' || this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > largestBacklog) this.drop();
    else this.#socket.send(frames);
  }
}
