import type { Account } from '../account.ts';
import type { Adapter } from '../adapter.ts';
import type { ClientOrderId, ContractId, OrderId } from '../brand.ts';
import type { Clock, Timer } from '../clock.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Evidence } from '../evidence.ts';
import type { Logger } from '../logger.ts';
import type { OrderRequest } from '../order-request.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import type { Trade } from '../trade.ts';
import { longestRetryAfterMs, retryAfterOf } from '../errors/retry-after.ts';
import { expectedOrder } from './expected-order.ts';
import { FillIntake } from './fill-intake.ts';
import { FillState } from './fill-state.ts';
import { FillWatch } from './fill-watch.ts';
import { OrderState } from './order-state.ts';
import { PositionState } from './position-state.ts';
import { resync } from './resync.ts';
import { checkStream } from './stream-check.ts';
import { withFills } from './with-fills.ts';

export interface VenueStateParts<Key extends string> {
  readonly adapter: Adapter;
  readonly events: EventHub<Key>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether this bot placed the order, as far as its journal tells. */
  isOurs(order: Order): boolean;
  /** The entry of a stop or target that the broker itself placed. Absent: it places none. */
  parentOf?(order: Order): OrderId | undefined;
}

const dayMs = 86_400_000;
const firstRetryMs = 500;
const longestRetryMs = 10_000;

/** What the bot knows of its account: merged from events, answers and lookups, and read again after every gap of the order stream. */
export class VenueState<Key extends string> {
  readonly orders: OrderState = new OrderState();
  readonly positions: PositionState = new PositionState();
  readonly fills: FillState = new FillState();
  readonly #parts: VenueStateParts<Key>;
  #account: Account | undefined;
  /** Wall milliseconds since which what happens at the venue comes by itself; undefined while the stream is down or not caught up. */
  #liveSince: number | undefined;
  #liveSinceMonotonic = 0;
  /** The stream tells what happens, though what it missed may not be read yet. */
  #streaming = false;
  /** Since when something may have been missed. */
  #gapSince: number;
  /** Grows with every gap: what a resync begun before it read is not enough. */
  #gaps = 0;
  #retry: Timer | undefined;
  #retryMs = firstRetryMs;
  #stopCheckingStream: (() => void) | undefined;
  /** A first resync has been done. */
  #wasLive = false;
  #closed = false;
  readonly #intake: FillIntake;
  readonly #fillWatch: FillWatch;
  readonly #positionListeners = new Set<
    (contractId: ContractId, position: Position | undefined) => void
  >();

  constructor(parts: VenueStateParts<Key>) {
    this.#parts = parts;
    // A day, so that what the trading day has realised so far is known.
    this.#gapSince = parts.clock.now() - dayMs;
    const { adapter, clock, log, events } = parts;
    const { orders, fills, positions } = this;
    this.#fillWatch = new FillWatch({
      reads: adapter.reads,
      clock,
      log,
      orders,
      fills,
      positions,
      isLive: () => this.isLive,
      take: (trade) => this.#intake.take(trade),
      moved: (contractId) => this.#tellPosition(contractId, clock.now()),
    });
    const tell = (order: Order, trade: Trade): void =>
      events.emit('order.filled', { order: this.labelled(order), trade });
    this.#intake = new FillIntake({
      fills,
      clock,
      find: (orderId) => orders.find(orderId),
      tell,
      counted: (trade) => this.#fillWatch.counted(trade),
    });
    orders.onChange((order, before) => {
      // safeguard: what a fill was not told with is read
      if (order.filledQuantity > (before?.filledQuantity ?? 0))
        this.#fillWatch.filled(order, before === undefined);
      // end of safeguard
      events.emit('order.updated', this.labelled(order));
      this.#intake.orderChanged(order);
    });
  }

  /** Begins to listen, where the adapter has an order stream. */
  start(): void {
    const { adapter, clock } = this.#parts;
    if (!adapter.openStreams) return;
    this.#stopCheckingStream = checkStream({
      reads: adapter.reads,
      clock,
      orders: this.orders,
      isLive: () => this.isLive,
      lost: (since, because) => this.#lost(since, because),
    });
    adapter.openStreams();
  }

  close(): void {
    this.#closed = true;
    this.#liveSince = undefined;
    this.#retry?.cancel();
    this.#stopCheckingStream?.();
    this.#fillWatch.close();
  }

  /** True while nothing can have been missed: reads may be answered from here. */
  get isLive(): boolean {
    return this.#liveSince !== undefined;
  }

  /** Wall milliseconds since which nothing can have been missed; undefined in a gap. */
  get liveSince(): number | undefined {
    return this.#liveSince;
  }

  /** Whether nothing can have been missed since this monotonic instant. Not asked by the wall clock: one that was set back would hide the gap that setting it made. */
  isGaplessSince(monotonic: number): boolean {
    return this.#liveSince !== undefined && this.#liveSinceMonotonic <= monotonic;
  }

  /** Whether there has ever been a state without a gap: before that, what the day has done is not known. */
  get wasLive(): boolean {
    return this.#wasLive;
  }

  /** As last said; undefined before the first resync. */
  get account(): Account | undefined {
    return this.#account;
  }

  /** With the word whose it is, and what its fills come to. */
  labelled(order: Order): Order {
    const parentOrderId = order.parentOrderId ?? this.#parts.parentOf?.(order);
    return withFills({ ...order, parentOrderId, foreign: !this.#parts.isOurs(order) }, this.fills);
  }

  /** Takes in what an adapter's streams bring. */
  evidence(item: Evidence): void {
    if (this.#closed) return;
    const { events } = this.#parts;
    switch (item.of) {
      case 'order':
        this.orders.see(item.order);
        return;
      case 'trade':
        return this.#intake.take(item.trade);
      case 'position':
        if (this.positions.see(item.contractId, item.position))
          this.#tellPosition(item.contractId, item.asOf);
        return;
      case 'account':
        return this.#takeAccount(item.account);
      case 'stream-live':
        if (item.stream === 'market')
          return events.emit('stream.synced', { stream: 'market', at: item.at });
        this.#streaming = true;
        return this.#catchUp();
      case 'stream-gap':
        if (item.stream === 'market')
          return events.emit('stream.gap', {
            stream: 'market',
            at: item.at,
            because: item.because,
          });
        this.#streaming = false;
        return this.#gap(item.at, item.because);
      case 'roll':
        return events.emit('contract.rolled', { from: item.from, to: item.to });
      case 'session-failed':
        return events.emit('session.failed', { message: item.message });
    }
  }

  /** Takes in a row that a lookup or another read showed. `readSince`: the count of orders when it was asked for. */
  seen(order: Order, readSince?: number): void {
    this.orders.see(order, { readSince });
  }

  /** A read begins: gives what takes its rows in, and undoes nothing that is said from here on. */
  reading(): (order: Order) => void {
    const readSince = this.orders.count;
    // safeguard: a look takes no price back that an event told meanwhile
    return (order) => this.seen(order, readSince);
  }

  /** An order the venue has just accepted, as it was asked for: without it a bot that reads back before the first event would miss its own order. */
  expect(
    orderId: OrderId,
    request: OrderRequest,
    clientOrderId: ClientOrderId,
    contractId: ContractId,
    now: number,
  ): void {
    if (this.#streaming && !this.orders.find(orderId))
      this.orders.see(expectedOrder(orderId, request, clientOrderId, contractId, now), {
        quietly: true,
      });
  }

  #gap(at: number, because: string): void {
    const { events } = this.#parts;
    this.#gaps += 1;
    this.#retry?.cancel();
    this.#retry = undefined;
    // A gap within a gap goes on with the first.
    if (this.#liveSince === undefined) return;
    this.#liveSince = undefined;
    this.#gapSince = at;
    events.emit('stream.gap', { stream: 'orders', at, because });
  }

  /** The wall clock moved by so much against the monotonic one, or nothing ran for so long. */
  clockStepped(byMs: number, because: string): void {
    const { clock, adapter } = this.#parts;
    if (!adapter.openStreams || this.#closed) return;
    // Time in which the machine slept was a gap, whatever the stream noticed of it.
    this.#lost(clock.now() - Math.max(0, byMs), because);
  }

  /** A gap of a stream that goes on. */
  #lost(since: number, because: string): void {
    this.#gap(since, because);
    if (this.#streaming) this.#catchUp();
  }

  /** Reads what may have been missed, again and again until it is there. */
  #catchUp(): void {
    if (this.#liveSince !== undefined || this.#closed) return;
    const { adapter, clock, log, events } = this.#parts;
    const gaps = this.#gaps;
    const startedAt = clock.now();
    const startedAtMonotonic = clock.monotonic();
    const target = {
      orders: this.orders,
      positions: this.positions,
      order: (row: Order, readSince: number) => void this.orders.see(row, { readSince }),
      position: (contractId: ContractId) => this.#tellPosition(contractId, startedAt),
      trade: (trade: Trade) =>
        this.#wasLive ? this.#intake.take(trade) : this.#intake.takeUntold(trade),
      account: (account: Account) => this.#takeAccount(account),
    };
    // safeguard: the first reads of a state may spend what is kept for getting out
    const lane = this.#wasLive ? 'read' : 'close';
    // safeguard: live only when read over
    void resync(adapter, target, this.#gapSince, lane).then(
      () => {
        // What broke off meanwhile has its own resync.
        if (gaps !== this.#gaps || this.#closed || !this.#streaming) return;
        this.#retryMs = firstRetryMs;
        if (!this.#wasLive) this.#intake.started();
        this.#wasLive = true;
        this.#liveSince = startedAt;
        this.#liveSinceMonotonic = startedAtMonotonic;
        this.#fillWatch.begin();
        events.emit('stream.synced', { stream: 'orders', at: clock.now() });
      },
      (error: unknown) => {
        if (gaps !== this.#gaps || this.#closed || !this.#streaming) return;
        const retryMs = Math.max(
          this.#retryMs,
          Math.min(retryAfterOf(error) ?? 0, longestRetryAfterMs),
        );
        log.warn({ error, retryMs }, 'the state could not be read after a gap');
        this.#retry = clock.setTimer(retryMs, () => this.#catchUp());
        this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
      },
    );
  }

  /** Calls back at every change of a position. Returns how to stop. */
  onPosition(
    listener: (contractId: ContractId, position: Position | undefined) => void,
  ): () => void {
    this.#positionListeners.add(listener);
    return () => void this.#positionListeners.delete(listener);
  }

  #tellPosition(contractId: ContractId, asOf: number): void {
    const { events } = this.#parts;
    for (const listener of this.#positionListeners)
      listener(contractId, this.positions.find(contractId));
    events.emit('position.updated', {
      contractId,
      position: this.positions.find(contractId),
      asOf,
    });
  }

  #takeAccount(account: Account): void {
    const before = this.#account;
    this.#account = account;
    if (before?.balance !== account.balance || before.canTrade !== account.canTrade)
      this.#parts.events.emit('account.updated', account);
  }
}
