import type { Account } from '../account.ts';
import type { Bar, BarsRequest } from '../bar.ts';
import type { OrderId } from '../brand.ts';
import { toClientOrderId } from '../client-order-id.ts';
import type { Contract } from '../contract.ts';
import { HotpathError } from '../errors/hotpath-error.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { NotAvailableError } from '../errors/not-available-error.ts';
import { ReadError } from '../errors/read-error.ts';
import type { OrderRef } from '../order-request.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import type { Trade } from '../trade.ts';
import type { ReadOptions, TimeSpan } from './broker.ts';
import type { BrokerParts } from './broker-parts.ts';
import { cachedContract } from './cached-contract.ts';
import { lookUp } from './look-up.ts';
import { readBarsRequest, readFlag, readReference, readSpan, readText } from './read-requests.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** What a bot may ask the venue. Every failure is a `ReadError`. */
export class Reads<Key extends string> {
  readonly #parts: BrokerParts<Key>;

  constructor(parts: BrokerParts<Key>) {
    this.#parts = parts;
  }

  async order(given: OrderRef, options?: ReadOptions): Promise<Order | undefined> {
    this.#refuseWhenClosed();
    const { adapter, book, clock, lookupTimeoutMs, state } = this.#parts;
    const { orderId, clientOrderId } = readReference('getOrder', given, adapter.capabilities);
    const fresh = readFlag('getOrder', 'fresh', options);
    const known = clientOrderId === undefined ? undefined : book.find(clientOrderId);
    const id = orderId ?? known?.orderId;
    const held =
      id !== undefined
        ? state.orders.find(id as OrderId)
        : state.orders.findByClientOrderId(clientOrderId ?? '');
    // What the state does not know it does not deny, and a row that is only what was asked for is not the venue's word.
    if (held && held.updatedAt > 0 && !fresh && state.isLive) return state.labelled(held);
    const finding = await lookUp(
      this.#parts,
      id !== undefined
        ? { by: 'order-id', orderId: id as OrderId }
        : {
            by: 'client-order-id',
            clientOrderId: toClientOrderId(clientOrderId ?? ''),
            since: known?.calledAt ?? clock.now() - dayMs,
          },
      { lane: 'read', timeoutMs: lookupTimeoutMs },
    );
    if (finding.is === 'unreachable')
      throw new ReadError(
        this.#parts.router.isClosed ? 'BROKER_CLOSED' : 'UNREACHABLE',
        finding.message,
      );
    return finding.is === 'found' ? state.labelled(finding.order) : undefined;
  }

  openOrders(options?: ReadOptions): Promise<readonly Order[]> {
    const { adapter, state } = this.#parts;
    return this.#read(async () => {
      const fresh = readFlag('getOpenOrders', 'fresh', options);
      if (!fresh && state.isLive) return state.orders.open().map((order) => state.labelled(order));
      return this.#seen(() => adapter.reads.openOrders());
    });
  }

  orderHistory(span: TimeSpan): Promise<readonly Order[]> {
    return this.#read(async () => {
      const asked = readSpan('getOrderHistory', span);
      return this.#seen(() => this.#parts.adapter.reads.orders(asked));
    });
  }

  positions(options?: ReadOptions): Promise<readonly Position[]> {
    const { adapter, state, clock } = this.#parts;
    return this.#read(async () => {
      const fresh = readFlag('getPositions', 'fresh', options);
      // safeguard: positions are never behind the outcome of an exit
      if (!fresh && state.isLive && !state.positions.isBehind(clock.monotonic()))
        return state.positions.all();
      // end of safeguard
      return adapter.reads.positions();
    });
  }

  /** Bars of a contract; adapters give them oldest first. */
  bars(given: BarsRequest): Promise<readonly Bar[]> {
    const { reads } = this.#parts.adapter;
    return this.#read(async () => {
      const { order = 'oldest-first', ...request } = readBarsRequest(given);
      if (!reads.bars) throw new NotAvailableError('getBars()', 'This adapter has no bars.');
      const contract = await this.contract(request.symbol);
      if (!contract)
        throw new InvalidOptionsError('getBars', [
          `symbol: "${request.symbol}" is no contract of this broker; searchContracts() lists them`,
        ]);
      const bars = await reads.bars({ ...request, contract });
      return order === 'oldest-first' ? bars : bars.toReversed();
    });
  }

  trades(span: TimeSpan): Promise<readonly Trade[]> {
    return this.#read(() => this.#parts.adapter.reads.trades(readSpan('getTrades', span)));
  }

  account(): Promise<Account> {
    return this.#read(() => this.#parts.adapter.reads.account());
  }

  accounts(): Promise<readonly Account[]> {
    return this.#read(() => this.#parts.adapter.reads.accounts());
  }

  searchContracts(text: string): Promise<readonly Contract[]> {
    return this.#read(() =>
      this.#parts.adapter.reads.searchContracts(
        readText('searchContracts', 'text', text, { longest: 100, mayBeEmpty: true }),
      ),
    );
  }

  contract(given: string): Promise<Contract | undefined> {
    return this.#read(async () => {
      const symbol = readText('getContract', 'symbol', given, { longest: 100 });
      const cached = cachedContract(this.#parts, symbol);
      const { adapter } = this.#parts;
      if (cached && adapter.isDoubted?.(symbol) !== true) return cached;
      await adapter.prepare('contract', symbol);
      return cachedContract(this.#parts, symbol);
    });
  }

  async #read<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#refuseWhenClosed();
    try {
      return await work();
    } catch (error) {
      if (this.#parts.router.isClosed)
        throw new ReadError('BROKER_CLOSED', 'The broker was closed before the answer came.', {
          cause: error,
        });
      if (HotpathError.is(error)) throw error;
      throw new ReadError('UNREADABLE', error instanceof Error ? error.message : String(error), {
        cause: error,
      });
    }
  }

  async #seen(read: () => Promise<readonly Order[]>): Promise<readonly Order[]> {
    const { state } = this.#parts;
    const readSince = state.orders.count;
    return (await read()).map((order) => {
      state.seen(order, readSince);
      return state.labelled(order);
    });
  }

  #refuseWhenClosed(): void {
    if (this.#parts.router.isClosed) throw new ReadError('BROKER_CLOSED', 'The broker is closed.');
  }
}
