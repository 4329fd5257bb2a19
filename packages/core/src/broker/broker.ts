import type { Account } from '../account.ts';
import type { Contract } from '../contract.ts';
import type { Listener } from '../events/event-hub.ts';
import type { EventMap } from '../events/event-map.ts';
import type {
  CancelRequest,
  LimitOrderRequest,
  MarketOrderRequest,
  ModifyRequest,
  OrderRef,
  OrderRequest,
} from '../order-request.ts';
import type { Order } from '../order.ts';
import type { CancelOutcome, ModifyOutcome, PlaceOutcome } from '../outcome.ts';
import type { Position } from '../position.ts';
import type { ExecutorReport } from '../router/executor-roster.ts';
import type { Trade } from '../trade.ts';

/** A span of wall time, milliseconds since the epoch. */
export interface TimeSpan {
  readonly from: number;
  /** Default: now. */
  readonly to?: number | undefined;
}

/**
 * One account at one venue. Mutations never throw and never reject: they give an outcome. Reads reject with a `ReadError`
 * and never give old data or an empty list in its place.
 */
export interface Broker<Key extends string = string> {
  /** Sends one order. Its bytes are handed over before this returns when the session, the contract and a connection are warm. */
  placeOrder(request: OrderRequest): Promise<PlaceOutcome<Key>>;
  placeMarketOrder(request: MarketOrderRequest): Promise<PlaceOutcome<Key>>;
  placeLimitOrder(request: LimitOrderRequest): Promise<PlaceOutcome<Key>>;
  /** Changes quantity or price of a working order in place. */
  modifyOrder(request: ModifyRequest): Promise<ModifyOutcome<Key>>;
  /** Cancels an order and says what became of it. */
  cancelOrder(request: CancelRequest): Promise<CancelOutcome<Key>>;

  /** The order as the venue has it now; undefined when it shows none. */
  getOrder(reference: OrderRef): Promise<Order | undefined>;
  getOpenOrders(): Promise<readonly Order[]>;
  /** Orders of every state created in the span. */
  getOrderHistory(span: TimeSpan): Promise<readonly Order[]>;
  getPositions(): Promise<readonly Position[]>;
  getTrades(span: TimeSpan): Promise<readonly Trade[]>;
  getAccount(): Promise<Account>;
  getAccounts(): Promise<readonly Account[]>;
  /** The contract of a root, a contract name or a contract id; undefined when the broker has none. */
  getContract(symbol: string): Promise<Contract | undefined>;
  searchContracts(text: string): Promise<readonly Contract[]>;

  /** Which executors there are, whether they can be used, and what they have delivered. */
  executors(): Record<Key, ExecutorReport>;

  on<Name extends keyof EventMap<Key>>(event: Name, listener: Listener<EventMap<Key>[Name]>): void;
  once<Name extends keyof EventMap<Key>>(event: Name, listener: Listener<EventMap<Key>[Name]>): void;
  off<Name extends keyof EventMap<Key>>(event: Name, listener: Listener<EventMap<Key>[Name]>): void;

  /** Takes no new intents, waits up to `closeWithinMs` for answers, and ends every connection. Cancels nothing. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
