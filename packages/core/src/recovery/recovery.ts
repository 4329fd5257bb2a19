import type { BrokerParts } from '../broker/broker-parts.ts';
import type { SettlePlace } from '../broker/settle-place.ts';
import type { ClientOrderId, ContractId, OrderId } from '../brand.ts';
import type { Timer } from '../clock.ts';
import { clientOrderIdKey } from '../client-order-id.ts';
import { longestRetryAfterMs, retryAfterOf } from '../errors/retry-after.ts';
import { recordsOf } from '../journal/records-of.ts';
import { isMintedUnder } from '../state/is-ours.ts';
import type { OrderRequest } from '../order-request.ts';
import type { Order } from '../order.ts';
import type { PlaceOutcome } from '../outcome.ts';
import { rejectedCodes } from '../outcome-codes.ts';
import { unsettled } from '../outcomes/open-unknown.ts';
import { rejected } from '../outcomes/refusals.ts';
import type { Told } from '../outcomes/told.ts';
import { inMode } from '../outcomes/told.ts';
import type { EarlierPlace } from './earlier-places.ts';
import { EarlierPlaces } from './earlier-places.ts';
import { FoundOrders } from './found-orders.ts';

/** What an earlier process left. Told at the end of a recovery, and after each gap of the order stream in which something was found. */
export interface Recovered {
  /** Places whose end was open and is known now. */
  readonly settled: readonly ClientOrderId[];
  /** Places that are still looked for. */
  readonly open: readonly ClientOrderId[];
  /** Orders at the venue that bear this journal's ids and that it does not know; each is told once. */
  readonly found: readonly Order[];
}

const firstPauseMs = 1_000;
const longestPauseMs = 10_000;
/** The venue's clock and the bot's may be minutes apart. */
const marginMs = 600_000;

/** Takes up what an earlier process on this journal left: its ids are known again, and what it never learnt is asked for. Until the venue has answered once, nothing new is placed. */
export class Recovery<Key extends string> {
  readonly #parts: BrokerParts<Key>;
  readonly #settle: SettlePlace<Key>;
  readonly #open: EarlierPlace[] = [];
  readonly #over: Promise<void>;
  #end: () => void = () => undefined;
  readonly #stop: () => void;
  #found: FoundOrders<Key>;
  /** Keys of ids that the journal knows and the book was not given. */
  #older: ReadonlySet<string> = new Set();
  readonly #recalls = new Map<string, Promise<void>>();
  #isOver = false;
  #isClosed = false;
  #timer: Timer | undefined;
  #pauseMs = firstPauseMs;

  constructor(parts: BrokerParts<Key>, settle: SettlePlace<Key>) {
    this.#parts = parts;
    this.#settle = settle;
    this.#over = new Promise((resolve) => (this.#end = resolve));
    this.#found = new FoundOrders(parts, new Set());
    const { events } = parts;
    const synced = ({ stream }: { readonly stream: string }): void => {
      if (stream === 'orders') void this.#over.then(() => this.#tellFound());
    };
    events.on('stream.synced', synced);
    this.#stop = () => events.off('stream.synced', synced);
  }

  /** False while places are held back. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Resolves once the venue has been asked about everything that was open. Never rejects. */
  whenOver(): Promise<void> {
    return this.#over;
  }

  /** Knows the places of before, and what was said of each. Nothing is asked yet. */
  takeUp(places: EarlierPlaces): void {
    const now = this.#parts.clock.now();
    for (const place of places.since(now)) this.#takeUp(place);
    this.#older = places.olderThan(now);
    this.#found = new FoundOrders(this.#parts, this.#older);
  }

  /** Whether the journal has an order of this id of so long ago that the book was not given it. */
  isOlder(clientOrderId: string): boolean {
    // safeguard: a generateId that begins anew at every start
    return this.#older.has(clientOrderIdKey(clientOrderId));
  }

  /** Takes up what the journal has of an id that the book does not know. Undefined: it can have nothing. Never rejects. */
  recall(clientOrderId: string): Promise<void> | undefined {
    const key = clientOrderIdKey(clientOrderId);
    const underway = this.#recalls.get(key);
    if (underway) return underway;
    if (!this.#older.has(key) && !isMintedUnder(this.#parts.journal, key)) return undefined;
    const recalling = this.#recall(key).finally(() => this.#recalls.delete(key));
    this.#recalls.set(key, recalling);
    return recalling;
  }

  async #recall(key: string): Promise<void> {
    const { journal, book, log } = this.#parts;
    const places = new EarlierPlaces();
    try {
      for await (const record of recordsOf(journal))
        if (
          'clientOrderId' in record &&
          record.clientOrderId !== undefined &&
          clientOrderIdKey(record.clientOrderId) === key
        )
          places.take(record);
    } catch (error) {
      // The venue's rule on ids is what is left then.
      log.error(
        { clientOrderId: key, error },
        'the journal could not be read for what became of an id',
      );
    }
    const place = places.of(key);
    if (place && !book.find(key)) this.#takeUp(place);
  }

  /** Asks the venue for what is open. */
  start(): void {
    if (this.#open.length === 0) this.#finish([]);
    else void this.#ask();
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
    this.#timer?.cancel();
    this.#end();
  }

  #takeUp(place: EarlierPlace): void {
    const { book, adapter } = this.#parts;
    const { clientOrderId, intent, outcome } = place;
    // An id whose attempt never left, or was refused for good before it did, is free.
    if (outcome?.outcome === 'not-sent') return;
    const { contractId, ...request } = intent.content as OrderRequest & {
      readonly contractId: ContractId;
    };
    const record = book.open(clientOrderId, request, false, intent.at);
    record.withdrawn = place.withdrawn;
    record.arrived = place.arrived;
    record.contract = adapter.contract(contractId);
    const base = inMode<Told<Key>>(adapter.mode, {
      clientOrderId,
      operation: 'place',
      symbol: request.symbol,
      // The key of an executor that this broker may not have; nothing is routed by it then.
      executor: place.executor as Key,
      deliveries: place.attempts,
      timings: {
        route: undefined,
        encode: undefined,
        toWire: undefined,
        toFirstByte: undefined,
        total: undefined,
        settled: 0,
      },
    });
    record.executor = base.executor;
    record.outcome = this.#outcomeOf(place, base, record);
    record.shared = Promise.resolve(record.outcome);
  }

  #outcomeOf(
    place: EarlierPlace,
    base: Told<Key>,
    record: Parameters<SettlePlace<Key>['resume']>[0],
  ): PlaceOutcome<Key> {
    const { outcome, intent, clientOrderId } = place;
    const orderId = outcome?.orderId as OrderId | undefined;
    if (outcome?.outcome === 'accepted' && orderId !== undefined) {
      this.#parts.book.bind(record, orderId);
      const { symbol, mode, executor, deliveries, timings } = base;
      return inMode(mode, {
        kind: 'accepted',
        clientOrderId,
        operation: 'place',
        symbol,
        executor,
        deliveries,
        timings,
        orderId,
        recovered: false,
      });
    }
    const code = rejectedCodes.find((known) => known === outcome?.code);
    if (outcome?.outcome === 'rejected')
      return rejected(base, {
        code: code ?? 'ORDER_REJECTED',
        message: outcome.message ?? 'The venue refused it; an earlier process was told its words.',
        orderId,
      });
    // Said so already: it is watched for, and nothing waits for it.
    if (outcome?.outcome === 'unknown' && outcome.code === 'ABSENT')
      return unsettled(
        base,
        'ABSENT',
        `An earlier process looked for order ${clientOrderId} in vain.`,
      );
    if (outcome?.outcome === 'unknown' && outcome.code === 'IN_USE_NOT_FOUND')
      return unsettled(
        base,
        'IN_USE_NOT_FOUND',
        `The venue said that the id ${clientOrderId} is in use, and an earlier process looked for its order in vain.`,
      );
    this.#open.push(place);
    if (
      place.changedOrderId !== undefined &&
      !this.#parts.book.findByOrderId(place.changedOrderId as OrderId)
    )
      this.#parts.book.bind(record, place.changedOrderId as OrderId);
    // It may be there, so it counts; what has a limit counts by contract and quantity alone.
    const { contractId, side, quantity } = intent.content as OrderRequest & {
      readonly contractId: ContractId;
    };
    this.#parts.exposure?.let(clientOrderId, { id: contractId }, side, quantity);
    this.#parts.exposure?.doubted(clientOrderId);
    return this.#settle.resume(record, base, intent.at);
  }

  async #ask(): Promise<void> {
    const { adapter, state, log, clock } = this.#parts;
    try {
      const since = Math.min(...this.#open.map(({ intent }) => intent.at));
      const readSince = state.orders.count;
      const orders = await adapter.reads.orders({ from: since - marginMs }, 'resolve');
      // Each row that an open place looks for settles it.
      for (const order of orders) state.seen(order, readSince);
      await this.#parts.unknowns.lookNow();
      this.#finish(orders);
    } catch (error) {
      log.warn(
        { error, open: this.#open.length },
        'what an earlier process left could not be asked for',
      );
      this.#timer = clock.setTimer(
        Math.max(this.#pauseMs, Math.min(retryAfterOf(error) ?? 0, longestRetryAfterMs)),
        () => void this.#ask(),
      );
      this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    }
  }

  #finish(orders: readonly Order[]): void {
    const { book, events } = this.#parts;
    this.#isOver = true;
    const isOpen = ({ clientOrderId }: EarlierPlace): boolean =>
      book.find(clientOrderId)?.outcome?.kind === 'unknown';
    if (this.#open.length > 0) {
      events.emit('broker.recovered', {
        settled: this.#open
          .filter((place) => !isOpen(place))
          .map(({ clientOrderId }) => clientOrderId),
        open: this.#open.filter(isOpen).map(({ clientOrderId }) => clientOrderId),
        found: this.#found.take(orders),
      });
    }
    this.#end();
  }

  #tellFound(): void {
    if (this.#isClosed) return;
    const found = this.#found.takeWorking();
    if (found.length > 0)
      this.#parts.events.emit('broker.recovered', { settled: [], open: [], found });
  }
}
