import type { Exchange } from '../exchange/exchange.ts';
import type { ExchangeEvent } from '../exchange/exchange-event.ts';
import { accountRow, orderRow, positionRow, tradeRow } from '../rest-rows.ts';
import { hubTimestamp } from '../timestamps.ts';
import type { Hub } from './hub.ts';
import { badArguments, noSuchMethod } from './hub.ts';
import type { HubConnection } from './hub-connection.ts';
import { eventFrame } from './hub-connection.ts';
import { Subscriptions } from './subscriptions.ts';

/** Wrapped as `{action, data}`, as recorded in 2026, or flat as documented. */
export type HubPayloads = 'wrapped' | 'flat';

type Kind = 'Accounts' | 'Orders' | 'Positions' | 'Trades';
const targets = { Accounts: 'GatewayUserAccount', Orders: 'GatewayUserOrder', Positions: 'GatewayUserPosition', Trades: 'GatewayUserTrade' } as const;

/** Account, order, position and trade events, from the subscription on: no snapshot, no replay. */
export class UserHub implements Hub {
  readonly #payloads: HubPayloads;
  readonly #subscriptions = new Subscriptions<string>();
  #detach: () => void = () => {};

  constructor(payloads: HubPayloads) {
    this.#payloads = payloads;
  }

  attach(exchange: Exchange): void {
    this.#detach();
    this.#detach = exchange.listen((event) => this.#publish(event));
  }

  forget(connection: HubConnection): void {
    this.#subscriptions.forget(connection);
  }

  invoke(connection: HubConnection, target: string, [accountId]: readonly unknown[]): string | undefined {
    const [, verb, kind] = /^(Subscribe|Unsubscribe)(Accounts|Orders|Positions|Trades)$/.exec(target) ?? [];
    if (verb === undefined || kind === undefined) return noSuchMethod;
    // Accounts are subscribed to as a whole, everything else by account.
    if (kind !== 'Accounts' && !Number.isInteger(accountId)) return badArguments;
    const topic = kind === 'Accounts' ? kind : `${kind} ${String(accountId)}`;
    if (verb === 'Subscribe') this.#subscriptions.add(topic, connection);
    else this.#subscriptions.remove(topic, connection);
    return undefined;
  }

  #publish(event: ExchangeEvent): void {
    switch (event.kind) {
      case 'order':
        return this.#send('Orders', event.order.accountId, 1, () => orderRow(event.order, hubTimestamp));
      case 'trade':
        return this.#send('Trades', event.fill.accountId, 0, () => tradeRow(event.fill, hubTimestamp));
      case 'position':
        return this.#send('Positions', event.accountId, event.position.size === 0 ? 2 : 1, () => positionRow(event.accountId, event.position, hubTimestamp));
      case 'account':
        return this.#send('Accounts', event.book.settings.id, 1, () => accountRow(event.book));
      case 'price':
        return;
    }
  }

  #send(kind: Kind, accountId: number, action: number, row: () => object): void {
    const connections = this.#subscriptions.of(kind === 'Accounts' ? kind : `${kind} ${accountId}`);
    if (!connections) return;
    const data = withoutNulls(row());
    const target = targets[kind];
    const frame = eventFrame(target, [this.#payloads === 'wrapped' ? { action, data } : data]);
    for (const connection of connections) connection.send({ target, frame, accountId });
  }
}

/** Hubs leave out what REST prints as null. */
function withoutNulls(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
