import type { GatewayClock } from '../clock.ts';
import { after } from '../clock.ts';
import type { AccountBook } from '../exchange/account-book.ts';
import type { Exchange } from '../exchange/exchange.ts';
import type { ExchangeEvent } from '../exchange/exchange-event.ts';
import type { OrderRecord } from '../exchange/order-record.ts';
import { isFinal, orderStatus, orderType } from '../exchange/order-record.ts';
import type { RowStyle } from '../rest-rows.ts';
import { accountRow, orderRow, positionRow, tradeRow } from '../rest-rows.ts';
import { fractionOf, hubTimestamp, paddedTimestamp } from '../timestamps.ts';
import { EventLane } from './event-lane.ts';
import type { Hub } from './hub.ts';
import { boundCall } from './hub-call.ts';
import type { HubConnection } from './hub-connection.ts';
import { eventFrame } from './hub-connection.ts';
import type { EventDraws, HubRules } from './hub-rules.ts';
import { Subscriptions } from './subscriptions.ts';

type Kind = 'Accounts' | 'Orders' | 'Positions' | 'Trades';
const targets = {
  Accounts: 'GatewayUserAccount',
  Orders: 'GatewayUserOrder',
  Positions: 'GatewayUserPosition',
  Trades: 'GatewayUserTrade',
} as const;
/** Accounts are subscribed to as a whole, everything else by account. */
const methods = { Accounts: 0, Orders: 1, Positions: 1, Trades: 1 } as const;
/** Created, changed, deleted, as in ProjectX's documents for another product; this one's are silent. */
const action = { created: 0, changed: 1, deleted: 2 } as const;

/** Account, order, position and trade events, from the subscription on: no snapshot, no replay. */
export class UserHub implements Hub {
  readonly #clock: GatewayClock;
  readonly #rules: HubRules;
  readonly #style: RowStyle;
  readonly #subscriptions = new Subscriptions<string>();
  readonly #timers = new Set<{ cancel(): void }>();
  /** Accounts whose event is to come once more. */
  readonly #repeating = new Set<AccountBook>();
  #lane: EventLane;
  #positionLane: EventLane;
  #draws: EventDraws = { eventMs: () => 0, positionEventMs: undefined, losesPosition: () => false };
  /** Ids for repeated trades that have one of their own; beyond any that a trade has. */
  #nextRepeatedId = 3_900_000_001;
  #detach: () => void = () => {};

  constructor(clock: GatewayClock, rules: HubRules) {
    this.#clock = clock;
    this.#rules = rules;
    const write = rules.paddedTimes ? paddedTimestamp : hubTimestamp;
    this.#style = {
      timestamp: (epochMs) => write(epochMs, fractionOf(epochMs)),
      oneDigitYears: rules.oneDigitYears,
    };
    this.#lane = this.#positionLane = new EventLane(clock, () => 0);
  }

  attach(exchange: Exchange, draws: EventDraws): void {
    this.close();
    this.#draws = draws;
    const { positionEventMs } = draws;
    this.#lane = new EventLane(this.#clock, () => draws.eventMs());
    this.#positionLane = positionEventMs
      ? new EventLane(this.#clock, () => draws.eventMs() + positionEventMs())
      : this.#lane;
    this.#detach = exchange.listen((event) => this.#publish(event));
  }

  close(): void {
    this.#detach();
    this.#lane.clear();
    this.#positionLane.clear();
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#repeating.clear();
  }

  forget(connection: HubConnection): void {
    this.#subscriptions.forget(connection);
  }

  invoke(connection: HubConnection, target: string, given: readonly unknown[]): string | undefined {
    const call = boundCall(target, given, {
      methods,
      anyCase: this.#rules.methodsInAnyCase,
      nameOf: (kind) => kind,
      isArgument: Number.isInteger,
    });
    if (typeof call === 'string') return call;
    const topic = call.kind === 'Accounts' ? call.kind : `${call.kind} ${String(given[0])}`;
    if (call.subscribes) this.#subscriptions.add(topic, connection);
    else this.#subscriptions.remove(topic, connection);
    return undefined;
  }

  #publish(event: ExchangeEvent): void {
    switch (event.kind) {
      case 'order':
        return this.#order(event.order);
      case 'trade':
        return this.#send('Trades', event.fill.accountId, action.created, () =>
          tradeRow(event.fill, this.#style),
        );
      case 'trade-again': {
        const id = this.#rules.repeatedTradeId === 'new' ? this.#nextRepeatedId++ : event.fill.id;
        return this.#send('Trades', event.fill.accountId, action.created, () =>
          tradeRow({ ...event.fill, profitAndLoss: undefined }, { ...this.#style, id }),
        );
      }
      case 'position':
        if (this.#draws.losesPosition()) return;
        return this.#send(
          'Positions',
          event.accountId,
          event.position.size === 0 ? action.deleted : action.changed,
          () => positionRow(event.accountId, event.position, this.#style),
          this.#positionLane,
        );
      case 'account':
        return this.#account(event.book);
      case 'booked':
      case 'price':
        return;
    }
  }

  #order(order: OrderRecord): void {
    if (order.status === orderStatus.pending && !this.#showsPending(order)) return;
    const endsUnfilled = isFinal(order) && order.status !== orderStatus.filled;
    const deletes =
      this.#rules.deletedOrders === 'final'
        ? isFinal(order)
        : this.#rules.deletedOrders === 'unfilled' && endsUnfilled;
    const tell = (row: object): void =>
      this.#send('Orders', order.accountId, deletes ? action.deleted : action.changed, () => row);
    if (!this.#subscriptions.of(`Orders ${order.accountId}`)) return;
    const row = orderRow(order, this.#style);
    tell(row);
    if (order.status === orderStatus.filled)
      this.#later(this.#rules.repeatFilledMs, () => tell(row));
  }

  /** Market orders alone were seen pending; resting ones began as open. */
  #showsPending({ type, shownAsMarket, madeByClose }: OrderRecord): boolean {
    if (madeByClose === true && this.#rules.pendingCloses === 'hidden') return false;
    return type === orderType.market || shownAsMarket === true || this.#rules.pendingResting;
  }

  /** Told at once, and once more later: repeats were recorded after each fill. */
  #account(book: AccountBook): void {
    const tell = (): void =>
      this.#send('Accounts', book.settings.id, action.changed, () => accountRow(book));
    tell();
    if (this.#repeating.has(book) || !this.#subscriptions.of('Accounts')) return;
    this.#repeating.add(book);
    this.#later(this.#rules.repeatAccountMs, () => {
      this.#repeating.delete(book);
      tell();
    });
  }

  #later(milliseconds: number, task: () => void): void {
    if (milliseconds <= 0) return;
    const timer = after(this.#clock, milliseconds, () => {
      this.#timers.delete(timer);
      task();
    });
    this.#timers.add(timer);
  }

  /** What it tells is fixed now, however late it leaves; who hears it is who listens then. */
  #send(
    kind: Kind,
    accountId: number,
    number: number,
    row: () => object,
    lane: EventLane = this.#lane,
  ): void {
    const topic = kind === 'Accounts' ? kind : `${kind} ${accountId}`;
    if (!this.#subscriptions.of(topic)) return;
    const data = this.#rules.nulls ? row() : withoutNulls(row());
    const target = targets[kind];
    const frame = eventFrame(target, [
      this.#rules.payloads === 'wrapped' ? { action: number, data } : data,
    ]);
    lane.add(() => {
      for (const connection of this.#subscriptions.of(topic) ?? [])
        connection.send({ target, frame, accountId });
    });
  }
}

/** Hubs leave out what REST prints as null. */
function withoutNulls(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
