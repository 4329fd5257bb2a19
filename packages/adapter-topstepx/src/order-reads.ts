import type { Clock, Finding, Order, OrderId } from '@hotpath/core';
import { ReadError } from '@hotpath/core';
import * as z from 'zod';
import { reads } from './endpoints.ts';
import type { Ask, ReadOptions } from './read-client.ts';
import { RefusedRead, UnexpectedStatus } from './read-client.ts';
import type { Undated } from './rows.ts';
import { orderRow } from './rows.ts';
import { timestamps } from './timestamps.ts';

const orders = z.object({ orders: z.array(orderRow) });
const oneOrder = z.object({ order: orderRow });

/** Rows of a page of the newer query, its largest (measured by one client). */
const pageRows = 100;
/** Rows that two pages share: an order that leaves the list between them moves the others up, and none may slip through. */
const sharedRows = 10;
/** How often a page is asked again that does not join the one before it. */
const joinTries = 5;
/** How far before the first attempt a lookup begins: the venue's clock may be behind ours. */
const lookupMarginMs = 10 * 60 * 1000;
/** How far back an order is looked for whose age is not known, where it can't be asked for by id. */
const longAgoMs = 7 * 24 * 60 * 60 * 1000;
const orderNotFound = 1;
/** Open, Pending, PendingCancellation, Suspended. */
const workingStatuses = [1, 6, 7, 8];

/** What can be asked of orders. The newer operations are used where there are any: one that answers 404 is not asked for again. */
export class OrderReads {
  readonly #ask: Ask;
  readonly #accountId: () => number;
  readonly #clock: Clock;
  #hasQuery = true;
  #hasById = true;

  constructor(ask: Ask, accountId: () => number, clock: Clock) {
    this.#ask = ask;
    this.#accountId = accountId;
    this.#clock = clock;
  }

  /** Suspended legs of brackets are shown by the newer query only (its documentation advises it for them). */
  async open(options?: ReadOptions): Promise<readonly Order[]> {
    const found = await this.#query({ statuses: workingStatuses }, options);
    return this.#dated(
      found ??
        (await this.#ask(reads.openOrders, { accountId: this.#accountId() }, orders, options))
          .orders,
    );
  }

  /** Of every state, created in the span. What settles an unknown is asked of the older operation: one request whatever the span, and its rows were recorded live. */
  async created(
    span: { readonly from: number; readonly to?: number | undefined },
    options?: ReadOptions,
  ): Promise<readonly Order[]> {
    const { from, to = Number.POSITIVE_INFINITY } = span;
    const bounds = {
      createdAfter: new Date(from).toISOString(),
      ...(to !== Number.POSITIVE_INFINITY && { createdBefore: new Date(to).toISOString() }),
    };
    const found = options?.lane === 'resolve' ? undefined : await this.#query(bounds, options);
    return this.#dated(
      found ??
        (
          await this.#ask(
            reads.orders,
            { accountId: this.#accountId(), ...timestamps(span) },
            orders,
            options,
          )
        ).orders,
    );
  }

  async byId(orderId: OrderId, options?: ReadOptions): Promise<Finding> {
    if (this.#hasById) {
      try {
        const body = `{"accountId":${this.#accountId()},"orderId":${orderId}}`;
        return this.#found((await this.#ask(reads.orderById, body, oneOrder, options)).order);
      } catch (error) {
        if (error instanceof RefusedRead && error.errorCode === orderNotFound)
          return { is: 'not-found' };
        if (!isMissing(error)) throw error;
        this.#hasById = false;
      }
    }
    const isIt = (order: { readonly orderId: OrderId }): boolean => order.orderId === orderId;
    const open = (await this.open(options)).find(isIt);
    return this.#found(
      open ?? (await this.created({ from: this.#clock.now() - longAgoMs }, options)).find(isIt),
    );
  }

  /** Tags are compared without case, an exact match first; a bracket's legs carry their entry's tag with an ending and are not it. */
  async byTag(tag: string, since: number, options?: ReadOptions): Promise<Finding> {
    const body = { accountId: this.#accountId(), ...timestamps({ from: since - lookupMarginMs }) };
    const own = (await this.#ask(reads.orders, body, orders, options)).orders.filter(
      (order) => order.parentOrderId === undefined,
    );
    return this.#found(
      own.find(({ clientOrderId }) => clientOrderId === tag) ??
        own.find(({ clientOrderId }) => clientOrderId?.toLowerCase() === tag.toLowerCase()),
    );
  }

  /** All rows, page by page by id; undefined where there is no such operation. */
  async #query(
    filter: object,
    options: ReadOptions | undefined,
  ): Promise<readonly Undated<Order>[] | undefined> {
    if (!this.#hasQuery) return undefined;
    try {
      return await this.#pages(filter, options);
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.#hasQuery = false;
      return undefined;
    }
  }

  /** Offsets count rows (measured by one client), so each page must begin with rows of the one before: what left the list meanwhile would hide others. */
  async #pages(
    filter: object,
    options: ReadOptions | undefined,
  ): Promise<readonly Undated<Order>[]> {
    const found = new Map<OrderId, Undated<Order>>();
    let newest: bigint | undefined;
    for (let pageOffset = 0, tries = 0; ;) {
      const body = {
        filter: { accountId: this.#accountId(), ...filter },
        pageSize: pageRows,
        pageOffset,
        sortBy: 1,
        sortDirection: 0,
      };
      const page = (await this.#ask(reads.orderQuery, body, orders, options)).orders;
      const [first] = page;
      // Before the first row of all none can be hidden: a page from there joins whatever it begins with.
      const joins =
        newest === undefined ||
        pageOffset === 0 ||
        (first !== undefined && BigInt(first.orderId) <= newest);
      if (!joins) {
        if ((tries += 1) > joinTries)
          throw new ReadError('UNREADABLE', `${reads.orderQuery.path}: its pages do not join.`);
        pageOffset = Math.max(0, pageOffset - pageRows / 2);
        continue;
      }
      for (const order of page) found.set(order.orderId, order);
      if (page.length < pageRows) return [...found.values()];
      newest = BigInt(page.at(-1)?.orderId ?? 0);
      pageOffset += pageRows - sharedRows;
    }
  }

  #found(order: Undated<Order> | undefined): Finding {
    return order
      ? { is: 'found', order: { ...order, asOf: this.#clock.now() } }
      : { is: 'not-found' };
  }

  #dated(rows: readonly Undated<Order>[]): readonly Order[] {
    const asOf = this.#clock.now();
    return rows.map((row) => ({ ...row, asOf }));
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof UnexpectedStatus && error.status === 404;
}
