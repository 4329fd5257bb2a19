import type { Account } from '../account.ts';
import type { Contract } from '../contract.ts';
import type { Listener } from '../events/event-hub.ts';
import type { EventMap } from '../events/event-map.ts';
import type { CancelRequest, LimitOrderRequest, MarketOrderRequest, ModifyRequest, OrderRef, OrderRequest } from '../order-request.ts';
import type { Order } from '../order.ts';
import type { CancelOutcome, ModifyOutcome, Outcome, PlaceOutcome } from '../outcome.ts';
import type { Position } from '../position.ts';
import { deadlineIn } from '../router/deadline.ts';
import type { ExecutorReport, ExecutorRoster } from '../router/executor-roster.ts';
import { waitWithin } from '../router/wait-within.ts';
import type { LiveRouting } from '../routing/live-routing.ts';
import type { Trade } from '../trade.ts';
import type { Broker, TimeSpan } from './broker.ts';
import type { BrokerParts } from './broker-parts.ts';
import { ChangeOrders } from './change-orders.ts';
import { PlaceOrders } from './place-orders.ts';
import { Reads } from './reads.ts';

/** The broker that `createBroker` gives out. */
export class HotpathBroker<Key extends string> implements Broker<Key> {
  readonly #parts: BrokerParts<Key>;
  readonly #roster: ExecutorRoster<Key>;
  readonly #routing: LiveRouting<Key>;
  readonly #closeWithinMs: number;
  readonly #placing: PlaceOrders<Key>;
  readonly #changing: ChangeOrders<Key>;
  readonly #reads: Reads<Key>;
  readonly #underway = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  constructor(parts: BrokerParts<Key>, roster: ExecutorRoster<Key>, routing: LiveRouting<Key>, closeWithinMs: number) {
    this.#parts = parts;
    this.#roster = roster;
    this.#routing = routing;
    this.#closeWithinMs = closeWithinMs;
    this.#placing = new PlaceOrders(parts);
    this.#changing = new ChangeOrders(parts);
    this.#reads = new Reads(parts);
  }

  placeOrder(request: OrderRequest): Promise<PlaceOutcome<Key>> {
    return this.#watched(this.#placing.place(request));
  }

  placeMarketOrder(request: MarketOrderRequest): Promise<PlaceOutcome<Key>> {
    return this.placeOrder({ ...request, type: 'market' });
  }

  placeLimitOrder(request: LimitOrderRequest): Promise<PlaceOutcome<Key>> {
    return this.placeOrder({ ...request, type: 'limit' });
  }

  modifyOrder(request: ModifyRequest): Promise<ModifyOutcome<Key>> {
    return this.#watched(this.#changing.modify(request));
  }

  cancelOrder(request: CancelRequest): Promise<CancelOutcome<Key>> {
    return this.#watched(this.#changing.cancel(request));
  }

  getOrder(reference: OrderRef): Promise<Order | undefined> {
    return this.#reads.order(reference);
  }

  getOpenOrders(): Promise<readonly Order[]> {
    return this.#reads.openOrders();
  }

  getOrderHistory(span: TimeSpan): Promise<readonly Order[]> {
    return this.#reads.orderHistory(span);
  }

  getPositions(): Promise<readonly Position[]> {
    return this.#reads.positions();
  }

  getTrades(span: TimeSpan): Promise<readonly Trade[]> {
    return this.#reads.trades(span);
  }

  getAccount(): Promise<Account> {
    return this.#reads.account();
  }

  getAccounts(): Promise<readonly Account[]> {
    return this.#reads.accounts();
  }

  getContract(symbol: string): Promise<Contract | undefined> {
    return this.#reads.contract(symbol);
  }

  searchContracts(text: string): Promise<readonly Contract[]> {
    return this.#reads.searchContracts(text);
  }

  executors(): Record<Key, ExecutorReport> {
    return this.#roster.report(this.#routing.current);
  }

  on<Name extends keyof EventMap<Key>>(event: Name, listener: Listener<EventMap<Key>[Name]>): void {
    this.#parts.events.on(event, listener);
  }

  once<Name extends keyof EventMap<Key>>(event: Name, listener: Listener<EventMap<Key>[Name]>): void {
    this.#parts.events.once(event, listener);
  }

  off<Name extends keyof EventMap<Key>>(event: Name, listener: Listener<EventMap<Key>[Name]>): void {
    this.#parts.events.off(event, listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const { router, clock, unknowns, adapter, journal, events } = this.#parts;
    router.close();
    this.#routing.close();
    await waitWithin(() => Promise.allSettled(this.#underway), deadlineIn(this.#closeWithinMs, clock), undefined, clock);
    unknowns.closeAll();
    // What is still on the wire ends here, as unknown: its line in the journal stays open.
    await this.#roster.close();
    await Promise.allSettled(this.#underway);
    await Promise.allSettled([adapter.close()]);
    await journal.close();
    events.close();
  }

  #watched<Result extends Outcome<Key>>(outcome: Promise<Result>): Promise<Result> {
    this.#underway.add(outcome);
    const settled = (): void => void this.#underway.delete(outcome);
    void outcome.then(settled, settled);
    return outcome;
  }
}
