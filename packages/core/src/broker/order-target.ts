import type { OrderId } from '../brand.ts';
import { toClientOrderId } from '../client-order-id.ts';
import type { Contract } from '../contract.ts';
import type { OrderRef } from '../order-request.ts';
import type { Order } from '../order.ts';
import type { NotSentCode } from '../outcome-codes.ts';
import type { BrokerParts } from './broker-parts.ts';
import { cachedContract } from './cached-contract.ts';
import type { PlaceRecord } from './intent-book.ts';
import { lookUp } from './look-up.ts';

/** The order that a modify or cancel is about. */
export interface OrderTarget<Key extends string> {
  readonly orderId: OrderId;
  /** Undefined for an order this process did not place. */
  readonly record: PlaceRecord<Key> | undefined;
  readonly contract: Contract | undefined;
  readonly type: Order['type'];
}
export interface TargetMissing {
  readonly is: 'missing';
  readonly code: Extract<NotSentCode, 'ORDER_NOT_FOUND' | 'NOT_READY'>;
  readonly message: string;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Finds the order a bot names: at hand for what this process placed, by a lookup for the rest. */
export class OrderTargets<Key extends string> {
  readonly #parts: BrokerParts<Key>;

  constructor(parts: BrokerParts<Key>) {
    this.#parts = parts;
  }

  /** Without any I/O; undefined when only the venue knows. `withContract`: prices are to be checked, so the contract must be known too. */
  atHand(reference: OrderRef, withContract: boolean): OrderTarget<Key> | undefined {
    const { book } = this.#parts;
    const record =
      reference.orderId === undefined
        ? book.find(reference.clientOrderId)
        : book.findByOrderId(toOrderId(reference.orderId));
    if (record?.orderId !== undefined)
      return {
        orderId: record.orderId,
        record,
        contract: record.contract,
        type: record.request.type,
      };
    return reference.orderId === undefined || withContract
      ? undefined
      : {
          orderId: toOrderId(reference.orderId),
          record: undefined,
          contract: undefined,
          type: 'unknown',
        };
  }

  async lookUp(
    reference: OrderRef,
    lane: 'cancel' | 'modify',
  ): Promise<OrderTarget<Key> | TargetMissing> {
    const { adapter, book, clock, lookupTimeoutMs } = this.#parts;
    const record = reference.orderId === undefined ? book.find(reference.clientOrderId) : undefined;
    // The order's own place may still be on its way: what it comes to names the order.
    const placed = await record?.shared;
    if (placed?.kind === 'accepted')
      return {
        orderId: placed.orderId,
        record,
        contract: record?.contract,
        type: record?.request.type ?? 'unknown',
      };
    if (placed?.kind === 'not-sent')
      return {
        is: 'missing',
        code: 'ORDER_NOT_FOUND',
        message: `Order ${reference.clientOrderId} was never sent: ${placed.message}`,
      };
    const sought =
      reference.orderId === undefined
        ? ({
            by: 'client-order-id',
            clientOrderId: toClientOrderId(reference.clientOrderId),
            since: record?.calledAt ?? clock.now() - dayMs,
          } as const)
        : ({ by: 'order-id', orderId: toOrderId(reference.orderId) } as const);
    const finding = await lookUp(this.#parts, sought, { lane, timeoutMs: lookupTimeoutMs });
    if (finding.is === 'unreachable')
      return {
        is: 'missing',
        code: 'NOT_READY',
        message: `The order could not be looked up: ${finding.message}`,
      };
    if (finding.is === 'not-found')
      return {
        is: 'missing',
        code: 'ORDER_NOT_FOUND',
        message: `The venue shows no order ${reference.orderId ?? reference.clientOrderId}.`,
      };
    const { order } = finding;
    if (!cachedContract(this.#parts, order.contractId))
      await adapter.prepare('contract', order.contractId, lane).catch(() => undefined);
    return {
      orderId: order.orderId,
      record: book.findByOrderId(order.orderId) ?? record,
      contract: cachedContract(this.#parts, order.contractId),
      type: order.type,
    };
  }
}

function toOrderId(text: string): OrderId {
  return text as OrderId;
}
