import type { Account } from '../account.ts';
import type { OrderId } from '../brand.ts';
import { toClientOrderId } from '../client-order-id.ts';
import type { Contract } from '../contract.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { ReadError } from '../errors/read-error.ts';
import type { OrderRef } from '../order-request.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import type { Trade } from '../trade.ts';
import { referenceProblem } from '../validation/validate-change.ts';
import type { TimeSpan } from './broker.ts';
import type { BrokerParts } from './broker-parts.ts';
import { cachedContract } from './cached-contract.ts';
import { lookUp } from './look-up.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** What a bot may ask the venue. Every failure is a `ReadError`. */
export class Reads<Key extends string> {
  readonly #parts: BrokerParts<Key>;

  constructor(parts: BrokerParts<Key>) {
    this.#parts = parts;
  }

  async order(reference: OrderRef): Promise<Order | undefined> {
    this.#refuseWhenClosed();
    const { adapter, book, clock, lookupTimeoutMs } = this.#parts;
    const problem = referenceProblem(reference, adapter.capabilities);
    if (problem) throw new InvalidOptionsError('getOrder', [`${problem.field}: ${problem.message}`]);
    const { orderId, clientOrderId } = reference;
    const known = clientOrderId === undefined ? undefined : book.find(clientOrderId);
    const id = orderId ?? known?.orderId;
    const finding = await lookUp(
      adapter,
      id !== undefined
        ? { by: 'order-id', orderId: id as OrderId }
        : { by: 'client-order-id', clientOrderId: toClientOrderId(clientOrderId ?? ''), since: known?.calledAt ?? clock.now() - dayMs },
      { lane: 'read', timeoutMs: lookupTimeoutMs },
    );
    if (finding.is === 'unreachable') throw new ReadError('UNREACHABLE', finding.message);
    return finding.is === 'found' ? finding.order : undefined;
  }

  openOrders(): Promise<readonly Order[]> {
    return this.#read(() => this.#parts.adapter.reads.openOrders());
  }

  orderHistory(span: TimeSpan): Promise<readonly Order[]> {
    return this.#read(() => this.#parts.adapter.reads.orders(span));
  }

  positions(): Promise<readonly Position[]> {
    return this.#read(() => this.#parts.adapter.reads.positions());
  }

  trades(span: TimeSpan): Promise<readonly Trade[]> {
    return this.#read(() => this.#parts.adapter.reads.trades(span));
  }

  account(): Promise<Account> {
    return this.#read(() => this.#parts.adapter.reads.account());
  }

  accounts(): Promise<readonly Account[]> {
    return this.#read(() => this.#parts.adapter.reads.accounts());
  }

  searchContracts(text: string): Promise<readonly Contract[]> {
    return this.#read(() => this.#parts.adapter.reads.searchContracts(text));
  }

  contract(symbol: string): Promise<Contract | undefined> {
    return this.#read(async () => {
      const cached = cachedContract(this.#parts, symbol);
      if (cached) return cached;
      await this.#parts.adapter.prepare('contract', symbol);
      return cachedContract(this.#parts, symbol);
    });
  }

  async #read<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#refuseWhenClosed();
    try {
      return await work();
    } catch (error) {
      if (error instanceof ReadError) throw error;
      throw new ReadError('UNREADABLE', error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  #refuseWhenClosed(): void {
    if (this.#parts.router.isClosed) throw new ReadError('BROKER_CLOSED', 'The broker is closed.');
  }
}
