import type { HubConnection } from '@microsoft/signalr';
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { WebSocket } from 'ws';
import type { Fields } from './gateway-http.ts';
import { isFields } from './gateway-http.ts';

/** A record as it came over the socket. */
export interface HubRecord {
  /** Milliseconds, monotonic. */
  readonly at: number;
  readonly text: string;
  readonly fields: Fields;
}

/** A stock SignalR client on one hub, and every record as its bytes came. */
export interface HubTap {
  readonly records: readonly HubRecord[];
  /** Events of one name, by their arguments. */
  events(
    target: string,
  ): { readonly at: number; readonly text: string; readonly given: readonly unknown[] }[];
  /** Calls a method; gives the text of the error it ended with, or undefined. */
  call(method: string, ...given: readonly unknown[]): Promise<string | undefined>;
  stop(): Promise<void>;
}

export interface HubTapOptions {
  readonly negotiate?: boolean | undefined;
  /** Behind the hub's path. Default: none. */
  readonly suffix?: string | undefined;
}

const callTimeoutMs = 10_000;

/** Connects; rejects with why it could not. */
export async function tapHub(
  rtcUrl: URL,
  hub: 'user' | 'market',
  token: string,
  { negotiate = false, suffix = '' }: HubTapOptions = {},
): Promise<HubTap> {
  const records: HubRecord[] = [];
  class TappedSocket extends WebSocket {
    constructor(address: string, protocols?: string | string[], options?: object) {
      super(address, protocols, options);
      this.on('message', (data: Buffer) => {
        for (const text of data.toString('utf8').split('\u001E'))
          if (text !== '') records.push({ at: performance.now(), text, fields: parsed(text) });
      });
    }
  }
  // The stock client takes the socket to use, though its types do not say so.
  const options = {
    skipNegotiation: !negotiate,
    transport: HttpTransportType.WebSockets,
    WebSocket: TappedSocket,
    accessTokenFactory: () => token,
    timeout: callTimeoutMs,
  };
  const connection: HubConnection = new HubConnectionBuilder()
    .withUrl(`${hubUrl(rtcUrl, hub)}${suffix}${negotiate ? '' : `?access_token=${token}`}`, options)
    .configureLogging(LogLevel.None)
    .build();
  await connection.start();
  return {
    records,
    events: (target) =>
      records
        .filter(({ fields }) => fields['type'] === 1 && fields['target'] === target)
        .map(({ at, text, fields }) => ({
          at,
          text,
          given: Array.isArray(fields['arguments']) ? fields['arguments'] : [],
        })),
    call: (method, ...given) =>
      Promise.race([
        connection.invoke(method, ...given),
        new Promise((_resolve, reject) =>
          setTimeout(() => reject(new Error('no answer in time')), callTimeoutMs).unref(),
        ),
      ]).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      ),
    stop: () => connection.stop(),
  };
}

export function hubUrl(rtcUrl: URL, hub: 'user' | 'market'): string {
  return `${rtcUrl.origin}${rtcUrl.pathname.replace(/\/$/, '')}/hubs/${hub}`;
}

function parsed(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}
