import type { ClientOrderId, OrderId } from '../brand.ts';
import type { Clock } from '../clock.ts';
import type { Delivery } from '../delivery.ts';
import type { Evidence } from '../evidence.ts';
import type { Finding } from '../finding.ts';
import type { Order } from '../order.ts';
import type { Position } from '../position.ts';
import type { PreparedRequest } from '../request.ts';
import type { Verdict } from '../verdict.ts';
import type { Sought } from '../adapter.ts';
import { testContract, testOrder } from './scripted-adapter.ts';
import { answered, notWritten, silent } from './scripted-executor.ts';

/** What becomes of one delivery. */
export interface Fate {
  /** `late`: carried out `lateMs` after its connection was reset. `refused`: by a code that proves it. `unauthorized`: a 401, before anything ran. */
  readonly reach: 'unwritten' | 'lost' | 'now' | 'late' | 'refused' | 'unauthorized';
  readonly lateMs: number;
  /** Of what was carried out at once. */
  readonly answer: 'told' | 'none' | 'unreadable';
}
const obedient: Fate = { reach: 'now', lateMs: 0, answer: 'told' };
/** What a request asks for. */
export type Body = {
  readonly tag?: string;
  readonly type?: Order['type'];
  readonly side?: Order['side'];
  readonly quantity?: number;
  readonly limitPrice?: number;
  readonly orderId?: string;
  readonly change?: { readonly limitPrice?: number; readonly quantity?: number };
};

const contract = testContract({ root: 'MNQ' });
const inUse: Verdict = { is: 'client-order-id-in-use', message: 'The tag is already in use.' };
const notFound: Verdict = { is: 'disputed', venueCode: 2, message: 'Not found.' };

/** A venue that keeps one order to an id and runs each close once, and is otherwise as bad as it is told to be. Its market orders fill at once; its limit orders rest. */
export class HostileVenue {
  /** For the next deliveries, in their order; what has none is served as it should be. */
  readonly fates: Fate[] = [];
  /** Whether lookups and reads fail. */
  isDeaf = false;
  /** Milliseconds that an event takes. */
  eventMs = 0;
  /** Events that come to nothing, though the stream goes on. */
  losesEvents = false;
  /** Whether each event comes a second time, a while later. */
  doublesEvents = false;
  /** Milliseconds that lists and lookups of orders are behind. */
  lagMs = 0;
  /** What the venue's clock is ahead of the bot's, in milliseconds. */
  aheadMs = 0;
  readonly orders: Order[] = [];
  /** Every place that became an order, as it was asked for. */
  readonly placed: Body[] = [];
  /** Closes that closed something. */
  closes = 0;
  /** Reduces that ran, by their quantity. */
  readonly reduces: Map<number, number> = new Map<number, number>();
  /** Contracts held, with their sign. */
  held = 0;
  readonly #clock: Clock;
  readonly #emit: (item: Evidence) => void;
  /** Every row an order has had, and since when; monotonic. */
  readonly #versions = new Map<OrderId, { readonly since: number; readonly order: Order }[]>();

  constructor(clock: Clock, emit: (item: Evidence) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  deliver({ template, body }: PreparedRequest): Delivery {
    const { reach, lateMs, answer } = this.fates.shift() ?? obedient;
    const run = (): Verdict => this.#run(template.operation, JSON.parse(body) as Body);
    switch (reach) {
      case 'unwritten':
        return notWritten();
      case 'unauthorized':
        return answered({ is: 'unauthorized' }, 401);
      case 'refused':
        return answered({
          is: 'refused',
          code: 'OUTSIDE_TRADING_HOURS',
          venueCode: 5,
          message: 'Closed.',
          orderId: undefined,
        } satisfies Verdict);
      case 'lost':
        return silent('RESET');
      case 'late':
        this.#clock.setTimer(lateMs, run);
        return silent('RESET');
      case 'now':
        break;
    }
    const verdict = run();
    if (answer === 'none') return silent('RESET');
    return answered(
      answer === 'told'
        ? verdict
        : ({
            is: 'ambiguous',
            code: 'ANSWER_UNREADABLE',
            message: 'Spoiled.',
            arrived: false,
          } satisfies Verdict),
    );
  }

  find(sought: Sought): Finding {
    if (this.isDeaf) return { is: 'unreachable', message: 'deaf' };
    const order = this.#listed().find(({ orderId, clientOrderId }) =>
      sought.by === 'order-id'
        ? orderId === sought.orderId
        : clientOrderId?.toLowerCase() === sought.clientOrderId.toLowerCase(),
    );
    return order ? { is: 'found', order } : { is: 'not-found' };
  }

  /** Rows as a read shows them. Throws while deaf. */
  rows(): Order[] {
    this.#hear();
    return this.#listed();
  }

  positions(): Position[] {
    this.#hear();
    const position = this.#position();
    return position ? [position] : [];
  }

  /** As lists show the orders now. */
  #listed(): Order[] {
    const [until, asOf] = [this.#clock.monotonic() - this.lagMs, this.#clock.now()];
    return this.orders.flatMap(({ orderId }) => {
      const shown = this.#versions.get(orderId)?.findLast(({ since }) => since <= until);
      return shown ? [{ ...shown.order, asOf }] : [];
    });
  }

  #hear(): void {
    if (this.isDeaf) throw new Error('deaf');
  }

  #run(operation: string, body: Body): Verdict {
    switch (operation) {
      case 'place':
        return this.#place(body);
      case 'modify':
        return this.#change(body, (order) => ({
          ...order,
          limitPrice: body.change?.limitPrice ?? order.limitPrice,
          quantity: body.change?.quantity ?? order.quantity,
        }));
      case 'cancel':
        return this.#change(body, (order) => ({ ...order, status: 'cancelled' }));
      case 'close':
        return this.#exit(Math.abs(this.held), () => (this.closes += 1)) ?? notFound;
      case 'reduce': {
        const quantity = body.quantity ?? 0;
        const refused: Verdict = {
          is: 'refused',
          code: 'INVALID_CLOSE_SIZE',
          venueCode: 5,
          message: 'Too many.',
          orderId: undefined,
        };
        return quantity > Math.abs(this.held)
          ? refused
          : (this.#exit(quantity, () =>
              this.reduces.set(quantity, (this.reduces.get(quantity) ?? 0) + 1),
            ) ?? refused);
      }
      default:
        throw new TypeError(`no such operation: ${operation}`);
    }
  }

  #place(body: Body): Verdict {
    const { tag, type, side, quantity = 0, limitPrice } = body;
    if (
      this.orders.some(({ clientOrderId }) => clientOrderId?.toLowerCase() === tag?.toLowerCase())
    )
      return inUse;
    this.placed.push(body);
    const isFilled = type === 'market';
    const order = this.#add({
      clientOrderId: tag as ClientOrderId | undefined,
      type: type ?? 'market',
      side: side ?? 'buy',
      quantity,
      limitPrice,
      status: isFilled ? 'filled' : 'working',
      filledQuantity: isFilled ? quantity : 0,
    });
    if (isFilled) this.#move(side === 'buy' ? quantity : -quantity);
    return { is: 'accepted', orderId: order.orderId };
  }

  #change({ orderId }: Body, change: (order: Order) => Order): Verdict {
    const index = this.orders.findIndex((order) => order.orderId === orderId);
    const order = this.orders[index];
    if (order?.status !== 'working') return notFound;
    const changed = { ...change(order), updatedAt: this.#now() };
    this.orders[index] = changed;
    this.#tell(changed);
    return { is: 'accepted', orderId: undefined };
  }

  #exit(quantity: number, ran: () => void): Verdict | undefined {
    if (quantity === 0 || this.held === 0) return undefined;
    const side = this.held > 0 ? 'sell' : 'buy';
    ran();
    this.#add({ type: 'market', side, quantity, filledQuantity: quantity, status: 'filled' });
    this.#move(side === 'buy' ? quantity : -quantity);
    return { is: 'accepted', orderId: undefined };
  }

  #add(fields: Partial<Order>): Order {
    const now = this.#now();
    const order = testOrder({
      orderId: String(1000 + this.orders.length) as OrderId,
      contractId: contract.id,
      createdAt: now,
      updatedAt: now,
      asOf: now,
      ...fields,
    });
    this.orders.push(order);
    this.#tell(order);
    return order;
  }

  #move(by: number): void {
    this.held += by;
    const [position, asOf] = [this.#position(), this.#clock.now()];
    this.#later(() => this.#emit({ of: 'position', contractId: contract.id, position, asOf }));
  }

  #tell(order: Order): void {
    const versions = this.#versions.get(order.orderId) ?? [];
    versions.push({ since: this.#clock.monotonic(), order });
    this.#versions.set(order.orderId, versions);
    this.#later(() => this.#emit({ of: 'order', order: { ...order, asOf: this.#clock.now() } }));
  }

  #later(tell: () => void): void {
    if (this.losesEvents) return;
    this.#clock.setTimer(this.eventMs, tell);
    if (this.doublesEvents) this.#clock.setTimer(this.eventMs + 1_500, tell);
  }

  #now(): number {
    return this.#clock.now() + this.aheadMs;
  }

  #position(): Position | undefined {
    if (this.held === 0) return undefined;
    const now = this.#clock.now();
    return {
      contractId: contract.id,
      side: this.held > 0 ? 'buy' : 'sell',
      quantity: Math.abs(this.held),
      averagePrice: 24_000,
      openedAt: 0,
      asOf: now,
    };
  }
}
