import type { OrderId } from '../brand.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Finding } from '../finding.ts';
import type { OrderChange } from '../order-request.ts';
import type { Order } from '../order.ts';
import { isFinal } from '../order.ts';
import { setLongTimer } from '../set-long-timer.ts';

/** A modify or cancel whose answer said that it was done. */
export interface AnsweredChange {
  readonly orderId: OrderId;
  /** Undefined for a cancel. */
  readonly change: OrderChange | undefined;
  /** The values it had before, or would go back to; undefined when they are not known. */
  readonly before: OrderChange | undefined;
  /** Whether every row that comes before then is looked at too, and the venue is asked where one may have been missed. Default: only what stands at the end. */
  readonly eagerly?: boolean | undefined;
  /** Called with the row that denies it. */
  readonly denied: (order: Order) => void;
}

export interface ChangeWatchParts {
  readonly clock: Clock;
  /** Milliseconds after which the venue's record must show it. */
  readonly settleMs: number;
  /** The order as the stream last showed it. */
  row(orderId: OrderId): Order | undefined;
  /** Whether the stream has told everything since this monotonic instant. */
  isGaplessSince(monotonic: number): boolean;
  /** Asks the venue itself. */
  lookUp(orderId: OrderId): Promise<Finding>;
}

interface Watched extends AnsweredChange {
  /** Monotonic. */
  readonly since: number;
  readonly dueAt: number;
}

/** Between two times of asking a venue that can't be reached. */
const againMs = 1_000;

/** Looks whether what was answered as done is so: first at what the stream has brought since, and only where that denies it at the venue itself. */
export class ChangeWatch {
  readonly #parts: ChangeWatchParts;
  /** The newest change of each order, in the order in which they are due. */
  readonly #watched = new Map<OrderId, Watched>();
  /** Those the venue is being asked about. */
  readonly #asked = new Map<OrderId, Watched>();
  #timer: Timer | undefined;

  constructor(parts: ChangeWatchParts) {
    this.#parts = parts;
  }

  watch(change: AnsweredChange): void {
    const { clock, settleMs } = this.#parts;
    this.forget(change.orderId);
    const since = clock.monotonic();
    this.#watched.set(change.orderId, { ...change, since, dueAt: since + settleMs });
    this.#arm();
  }

  /** The stream has brought a row. */
  seen(order: Order): void {
    if (this.#watched.size === 0) return;
    const watched = this.#watched.get(order.orderId);
    // A row may be older than the answer, so it is no more than a reason to ask.
    if (
      watched?.eagerly === true &&
      this.#asked.get(order.orderId) !== watched &&
      denies(order, watched)
    )
      void this.#ask(watched);
  }

  /** A later change of the order is on its way: the earlier one can no longer be told from it. */
  forget(orderId: OrderId): void {
    this.#watched.delete(orderId);
    this.#asked.delete(orderId);
  }

  close(): void {
    this.#timer?.cancel();
    this.#watched.clear();
    this.#asked.clear();
  }

  #arm(): void {
    const [next] = this.#watched.values();
    if (!next || this.#timer) return;
    this.#timer = setLongTimer(
      this.#parts.clock,
      Math.max(0, next.dueAt - this.#parts.clock.monotonic()),
      () => {
        this.#timer = undefined;
        this.#lookAtDue();
        this.#arm();
      },
    );
  }

  #lookAtDue(): void {
    const now = this.#parts.clock.monotonic();
    for (const watched of this.#watched.values()) {
      if (watched.dueAt > now) return;
      this.#watched.delete(watched.orderId);
      const row = this.#parts.row(watched.orderId);
      const mayBeMissed = watched.eagerly === true && !this.#parts.isGaplessSince(watched.since);
      if (mayBeMissed || (row && denies(row, watched))) void this.#ask(watched);
    }
  }

  async #ask(watched: Watched): Promise<void> {
    this.#asked.set(watched.orderId, watched);
    const finding = await this.#parts.lookUp(watched.orderId);
    // Unless another change came while the venue was asked.
    if (this.#asked.get(watched.orderId) !== watched) return;
    this.#asked.delete(watched.orderId);
    if (finding.is === 'unreachable' && watched.eagerly === true) {
      this.#watched.set(watched.orderId, {
        ...watched,
        dueAt: this.#parts.clock.monotonic() + againMs,
      });
      return this.#arm();
    }
    if (finding.is !== 'found' || !denies(finding.order, watched)) return;
    this.#watched.delete(watched.orderId);
    watched.denied(finding.order);
  }
}

/** Still working, and for a modify still with the values it had before. Other values than both may be anybody's work. */
function denies(order: Order, { change, before }: AnsweredChange): boolean {
  if (isFinal(order.status) || (order.status !== 'working' && order.status !== 'suspended'))
    return false;
  if (!change) return true;
  if (!before || change.trailPrice !== undefined) return false;
  const changed = (['quantity', 'limitPrice', 'stopPrice'] as const).filter(
    (field) => change[field] !== undefined && change[field] !== before[field],
  );
  return changed.length > 0 && changed.every((field) => order[field] === before[field]);
}
