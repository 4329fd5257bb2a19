import type { HubConnection } from '@microsoft/signalr';
import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { WebSocket } from 'ws';
import type { Gateway } from '../index.ts';
import type { Fields } from './gateway-client.ts';

/** A stock client on one hub, and every event record as its bytes came. */
export interface HubTap {
  readonly connection: HubConnection;
  /** The records of events, in the order in which they came, without what ends them. */
  readonly records: string[];
  /** Resolves when everything that the gateway has sent so far is here. */
  settled(): Promise<void>;
  /** What each user event told, as `target: what`. */
  told(): string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** Connects and, on the user hub, subscribes to everything of the account. */
export async function hubTap(
  gateway: Gateway,
  token: string,
  hub: 'user' | 'market',
  accountId: number = 700_001,
): Promise<HubTap> {
  const records: string[] = [];
  class TappedSocket extends WebSocket {
    constructor(address: string, protocols?: string | string[]) {
      super(address, protocols);
      this.on('message', (data: Buffer) =>
        records.push(
          ...data
            .toString('utf8')
            .split('\u001E')
            .filter((record) => record.startsWith('{"type":1,')),
        ),
      );
    }
  }
  // The stock client takes the socket to use, though its types do not say so.
  const options = {
    skipNegotiation: true,
    transport: HttpTransportType.WebSockets,
    WebSocket: TappedSocket,
  };
  const connection = new HubConnectionBuilder()
    .withUrl(`${gateway.url}/hubs/${hub}?access_token=${token}`, options)
    .configureLogging(LogLevel.None)
    .build();
  await connection.start();
  if (hub === 'user') {
    await connection.invoke('SubscribeAccounts');
    for (const kind of ['Orders', 'Positions', 'Trades'])
      await connection.invoke(`Subscribe${kind}`, accountId);
  }
  return {
    connection,
    records,
    // An answered call comes after every event that was sent before it.
    settled: async () =>
      void (await connection.invoke(
        hub === 'user' ? 'UnsubscribeTrades' : 'UnsubscribeContractTrades',
        hub === 'user' ? 1 : 'none',
      )),
    told: () => records.map(gist),
    [Symbol.asyncDispose]: () => connection.stop(),
  };
}

/** An event in a few words: an order's status, a trade's price and result, a position's size, an account's balance. */
function gist(record: string): string {
  const {
    target,
    arguments: [first],
  } = JSON.parse(record) as {
    readonly target: string;
    readonly arguments: readonly [{ readonly data: Fields } | Fields];
  };
  const data = ('data' in first ? first['data'] : first) as Fields;
  switch (target) {
    case 'GatewayUserOrder':
      return `order ${String(data['status'])}`;
    case 'GatewayUserTrade':
      return `trade at ${String(data['price'])}, result ${'profitAndLoss' in data ? String(data['profitAndLoss']) : 'none'}`;
    case 'GatewayUserPosition':
      return `position ${String(data['size'])}`;
    default:
      return 'account';
  }
}
