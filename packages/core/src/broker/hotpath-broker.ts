import type { Account } from '../account.ts';
import type { Bar, BarsRequest } from '../bar.ts';
import { bindMethods } from '../bind-methods.ts';
import type { Contract } from '../contract.ts';
import { ReadError } from '../errors/read-error.ts';
import { checkListener } from '../events/check-listener.ts';
import type { Listener } from '../events/event-hub.ts';
import type { EventMap } from '../events/event-map.ts';
import type {
  CancelRequest,
  CloseRequest,
  LimitOrderRequest,
  MarketOrderRequest,
  ModifyRequest,
  OrderRef,
  OrderRequest,
  OrderType,
  ReduceRequest,
  StopOrderRequest,
  TrailingStopOrderRequest,
} from '../order-request.ts';
import { Halting } from '../halt/halting.ts';
import { watchProtection } from '../halt/protection-watch.ts';
import { changeLimits } from '../limits/change-limits.ts';
import type { Limits } from '../limits/limits.ts';
import type { MarketListener, SubscribeRequest, Subscription } from '../market/subscription.ts';
import { openSubscription } from '../market/open-subscription.ts';
import { OwnOco } from '../oco/own-oco.ts';
import type { OwnOcoOptions } from '../oco/own-oco-options.ts';
import { watchAbsent } from '../outcomes/absent-watch.ts';
import type { OcoBook } from '../oco/oco-book.ts';
import type { Order } from '../order.ts';
import type {
  CancelOutcome,
  CloseOutcome,
  ModifyOutcome,
  Outcome,
  PlaceOutcome,
} from '../outcome.ts';
import type { ExitReport } from '../outcomes/report.ts';
import { inMode } from '../outcomes/told.ts';
import type { Position } from '../position.ts';
import { deadlineIn } from '../router/deadline.ts';
import type { ExecutorReport } from '../router/executor-roster.ts';
import { waitWithin } from '../router/wait-within.ts';
import type { Trade } from '../trade.ts';
import { orderFields } from '../validation/order-fields.ts';
import { cancelFields, modifyFields } from '../validation/validate-change.ts';
import { closeFields, reduceFields } from '../validation/validate-close.ts';
import type { Broker, BrokerMetrics, ReadOptions, TimeSpan } from './broker.ts';
import type { BrokerFrame } from './broker-frame.ts';
import type { BrokerParts } from './broker-parts.ts';
import { cachedContract } from './cached-contract.ts';
import { cancelAllOrders } from './cancel-all-orders.ts';
import { ChangeOrders } from './change-orders.ts';
import { ClosePositions } from './close-positions.ts';
import { exitAnyway, refuseArguments } from './exit-anyway.ts';
import { explain } from './explain.ts';
import type { IntentStory, IntentView } from './intent-view.ts';
import { viewOf } from './intent-view.ts';
import { plainOrder } from './plain-request.ts';
import { PlaceOrders } from './place-orders.ts';
import { readFlag, readText } from './read-requests.ts';
import { readableRequest, unreadableProblem } from './readable-request.ts';
import { Reads } from './reads.ts';
import { safely } from './safely.ts';
import { Underway } from './underway.ts';
import { waitForFill } from './wait-for-fill.ts';

/** Milliseconds in which what is under way ends once there is no connection any more. */
const hangsAfterMs = 2_000;

/** The broker that `createBroker` gives out. */
export class HotpathBroker<Key extends string> implements Broker<Key> {
  readonly #parts: BrokerParts<Key>;
  readonly #frame: BrokerFrame<Key>;
  readonly #stopWatchingBudget: (() => void) | undefined;
  readonly #placing: PlaceOrders<Key>;
  readonly #changing: ChangeOrders<Key>;
  readonly #closingPositions: ClosePositions<Key>;
  readonly #reads: Reads<Key>;
  readonly #halting: Halting<Key>;
  readonly #stopWatches: readonly (() => void)[];
  readonly #ownOco: OwnOco<Key> | undefined;
  readonly #underway = new Underway();
  readonly #subscriptions = new Set<Subscription>();
  #closing: Promise<void> | undefined;

  constructor(parts: BrokerParts<Key>, frame: BrokerFrame<Key>) {
    this.#parts = parts;
    this.#frame = frame;
    // Of what was lost during the start as well: whoever listens can do so once it has the broker.
    parts.clock.setTimer(0, () =>
      frame.guardedLog.onFirstLoss((message) =>
        queueMicrotask(() => parts.events.emit('log.failed', { message })),
      ),
    );
    this.#stopWatchingBudget = frame.budget?.budget.onLow((report) =>
      parts.events.emit('budget.low', report),
    );
    this.#placing = new PlaceOrders(parts, frame.settlePlace);
    this.#changing = new ChangeOrders(parts);
    this.#closingPositions = new ClosePositions(parts, this.#placing, this.#changing);
    this.#reads = new Reads(parts);
    this.#halting = new Halting(parts, this.#changing, this.#closingPositions);
    // An earlier process had been told to cancel these, and ended before there was an order to name.
    for (const { clientOrderId, withdrawn } of parts.book.unsettled())
      if (withdrawn) void this.#changing.cancel({ clientOrderId });
    // safeguard: changes of a killed process are taken up
    for (const change of frame.earlierChanges) this.#changing.resume(change);
    this.#ownOco = frame.ownOco && parts.oco && this.#protectEntries(parts.oco, frame.ownOco);
    this.#stopWatches = [watchProtection(parts), watchAbsent(parts, this.#changing)];
    // safeguard: a broker's methods can be handed on
    bindMethods(this, HotpathBroker.prototype);
  }

  #protectEntries(book: OcoBook, options: OwnOcoOptions): OwnOco<Key> {
    const oco = new OwnOco(this.#parts, book, options, {
      placing: { place: (request, how) => this.#watched(this.#placing.place(request, how)) },
      changing: {
        modify: (request, how) => this.#watched(this.#changing.modify(request, how)),
        cancel: (request) => this.#watched(this.#changing.cancel(request)),
      },
      closing: {
        close: (request) => this.#watched(this.#closingPositions.close(request)),
        reduce: (request) => this.#watched(this.#closingPositions.reduce(request)),
      },
    });
    this.#placing.onProtected = (outcome) => oco.placed(outcome);
    this.#closingPositions.onFlat = (contractId) => oco.closed(contractId);
    oco.start(this.#frame.recovery.whenOver());
    return oco;
  }

  placeOrder(request: OrderRequest): Promise<PlaceOutcome<Key>> {
    return this.#place(request, undefined);
  }

  placeMarketOrder(request: MarketOrderRequest): Promise<PlaceOutcome<Key>> {
    return this.#place(request, 'market');
  }

  placeLimitOrder(request: LimitOrderRequest): Promise<PlaceOutcome<Key>> {
    return this.#place(request, 'limit');
  }

  placeStopOrder(request: StopOrderRequest): Promise<PlaceOutcome<Key>> {
    return this.#place(request, 'stop');
  }

  placeTrailingStopOrder(request: TrailingStopOrderRequest): Promise<PlaceOutcome<Key>> {
    return this.#place(request, 'trailing-stop');
  }

  #place(given: object, type: OrderType | undefined): Promise<PlaceOutcome<Key>> {
    let order: OrderRequest;
    // safeguard: an order is read once
    try {
      order = plainOrder(given, type);
    } catch (error) {
      return this.#watched(
        this.#placing.refuse(
          unreadableProblem('place', error, readableRequest(given, orderFields)),
        ),
      );
    }
    // end of safeguard
    return this.#watched(this.#placing.place(order));
  }

  modifyOrder(request: ModifyRequest): Promise<ModifyOutcome<Key>> {
    return this.#watched(
      safely(this.#parts, 'modify', request, modifyFields, (read) => this.#changing.modify(read)),
    );
  }

  cancelOrder(request: CancelRequest): Promise<CancelOutcome<Key>> {
    return this.#watched(
      safely(this.#parts, 'cancel', request, cancelFields, (read) => this.#changing.cancel(read)),
    );
  }

  cancelAllOrders(options?: { readonly foreign?: boolean | undefined }): Promise<ExitReport<Key>> {
    return exitAnyway(
      () => readFlag('cancelAllOrders', 'foreign', options),
      (foreign) => cancelAllOrders(this.#parts, this.#changing, foreign ?? false),
      false,
    );
  }

  closePosition(request: CloseRequest): Promise<CloseOutcome<Key>> {
    return this.#watched(
      safely(this.#parts, 'close', request, closeFields, (read) =>
        this.#closingPositions.close(read),
      ),
    );
  }

  reducePosition(request: ReduceRequest): Promise<CloseOutcome<Key>> {
    return this.#watched(
      safely(this.#parts, 'reduce', request, reduceFields, (read) =>
        this.#closingPositions.reduce(read),
      ),
    );
  }

  flatten(...given: readonly unknown[]): Promise<ExitReport<Key>> {
    return exitAnyway(
      () => refuseArguments('flatten', given),
      () => this.#halting.flatten(),
      true,
    );
  }

  halt(...given: readonly unknown[]): Promise<ExitReport<Key>> {
    return exitAnyway(
      () => refuseArguments('halt', given),
      () => this.#halting.halt(),
      true,
    );
  }

  resume(): Promise<void> {
    return this.#halting.resume();
  }

  get isHalted(): boolean {
    return this.#parts.latch.isSet;
  }

  get limits(): Limits | undefined {
    return this.#parts.limits?.limits;
  }

  setLimits(limits: Limits): void {
    changeLimits(this.#parts.limits, limits, this.#parts.latch.isSet, (symbol) =>
      cachedContract(this.#parts, symbol),
    );
    this.#parts.log.info({ limits }, 'limits changed');
  }

  getOrder(reference: OrderRef, options?: ReadOptions): Promise<Order | undefined> {
    return this.#reads.order(reference, options);
  }

  getOpenOrders(options?: ReadOptions): Promise<readonly Order[]> {
    return this.#reads.openOrders(options);
  }

  getOrderHistory(span: TimeSpan): Promise<readonly Order[]> {
    return this.#reads.orderHistory(span);
  }

  getPositions(options?: ReadOptions): Promise<readonly Position[]> {
    return this.#reads.positions(options);
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

  getBars(request: BarsRequest): Promise<readonly Bar[]> {
    return this.#reads.bars(request);
  }

  async subscribe(request: SubscribeRequest, listener?: MarketListener): Promise<Subscription> {
    const subscription = await openSubscription(
      this.#parts,
      this.#reads,
      request,
      listener,
      () => void this.#subscriptions.delete(subscription),
    );
    this.#subscriptions.add(subscription);
    if (!this.#closing) return subscription;
    await subscription.close();
    throw new ReadError('BROKER_CLOSED', 'The broker was closed meanwhile.');
  }

  waitForFill(reference: OrderRef, options: { readonly timeoutMs: number }): Promise<Order> {
    return waitForFill(this.#parts, this.#reads, reference, options);
  }

  getIntent(clientOrderId: string): IntentView<Key> | undefined {
    const record = this.#parts.book.find(
      readText('getIntent', 'clientOrderId', clientOrderId, { longest: 100 }),
    );
    return record && viewOf(record);
  }

  intents(options?: { readonly open?: boolean | undefined }): readonly IntentView<Key>[] {
    const { book } = this.#parts;
    return [...(readFlag('intents', 'open', options) ? book.unsettled() : book.records())].map(
      viewOf,
    );
  }

  whenRecovered(): Promise<void> {
    return this.#frame.recovery.whenOver();
  }

  explain(clientOrderId: string): Promise<IntentStory<Key>> {
    return explain(this.#parts, clientOrderId);
  }

  executors(): Record<Key, ExecutorReport> {
    return this.#frame.roster.report(this.#frame.routing.current, this.#parts.clock.monotonic());
  }

  metrics(options?: { readonly reset?: boolean | undefined }): BrokerMetrics<Key> {
    const reset = readFlag('metrics', 'reset', options);
    const unsettled = this.#parts.book.unsettled();
    const open = unsettled.filter(({ outcome }) => outcome === undefined).length;
    const executors = this.executors();
    if (reset) this.#frame.roster.resetStatistics();
    const { budget, bars, rollout, guardedLog } = this.#frame;
    return inMode(this.#parts.adapter.mode, {
      executors,
      log: guardedLog.report(),
      rollout: rollout.report(),
      shadow: this.#frame.shadow.report(),
      budget: budget?.budget.report(),
      barsBudget: bars?.budget.report(),
      intents: { open, unknown: unsettled.length - open },
    });
  }

  on<Name extends keyof EventMap<Key>>(event: Name, listener: Listener<EventMap<Key>[Name]>): void {
    checkListener('on', event, listener);
    this.#parts.events.on(event, listener);
  }

  once<Name extends keyof EventMap<Key>>(
    event: Name,
    listener: Listener<EventMap<Key>[Name]>,
  ): void {
    checkListener('once', event, listener);
    this.#parts.events.once(event, listener);
  }

  off<Name extends keyof EventMap<Key>>(
    event: Name,
    listener: Listener<EventMap<Key>[Name]>,
  ): void {
    checkListener('off', event, listener);
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
    this.#frame.sender.close();
    this.#frame.routing.close();
    this.#frame.stopHealth();
    this.#frame.stopWatchingClock();
    this.#parts.changeWatch.close();
    this.#parts.state.close();
    this.#frame.recovery.close();
    this.#parts.limits?.close();
    this.#halting.close();
    this.#ownOco?.close();
    for (const stop of this.#stopWatches) stop();
    for (const subscription of this.#subscriptions) await subscription.close();
    await waitWithin(
      () => this.#underway.over(),
      deadlineIn(this.#frame.closeWithinMs, clock),
      undefined,
      clock,
    );
    this.#parts.awaited.close();
    unknowns.closeAll();
    // What is still on the wire ends here, as unknown: its line in the journal stays open.
    await this.#frame.roster.close();
    if (!(await this.#isOver())) {
      // safeguard: what an executor never ends is told at a close
      this.#parts.awaited.endAll();
      await this.#isOver();
    }
    await adapter.close();
    await journal.close();
    this.#stopWatchingBudget?.();
    await Promise.allSettled([this.#frame.budget?.release(), this.#frame.bars?.release()]);
    this.#frame.outcomeLog?.close();
    this.#parts.log.info({}, 'closed');
    events.close();
    this.#frame.guardedLog.close();
  }

  /** Whether all that is under way has ended; what takes longer hangs. */
  async #isOver(): Promise<boolean> {
    const { clock } = this.#parts;
    return (
      (
        await waitWithin(
          () => this.#underway.over(),
          deadlineIn(hangsAfterMs, clock),
          undefined,
          clock,
        )
      ).is === 'done'
    );
  }

  #watched<Result extends Outcome<Key>>(outcome: Promise<Result>): Promise<Result> {
    this.#underway.add(outcome);
    return outcome;
  }
}
