import type { OrderId } from '../brand.ts';
import type { Clock } from '../clock.ts';
import type { OrderChange } from '../order-request.ts';
import type { ModifyOutcome } from '../outcome.ts';
import type { Deadline } from '../router/deadline.ts';
import { waitWithin } from '../router/wait-within.ts';

/** What a modify's turn came to. */
export type Turn =
  /** Its turn, with what was merged into it. `unsettled`: the change before it, where nobody knows whether that may still come. */
  | {
      readonly is: 'now';
      readonly change: OrderChange;
      readonly unsettled: OrderChange | undefined;
    }
  /** A later modify took its values over. */
  | { readonly is: 'superseded'; readonly by: OrderChange }
  | { readonly is: 'late' }
  | { readonly is: 'aborted' };

interface Waiting {
  readonly change: OrderChange;
  readonly come: (turn: Turn) => void;
}
/** The modifies of one order: one is under way, at most one waits. */
interface Row {
  waiting: Waiting | undefined;
}

/**
 * Two modifies of one order under way at once may arrive in either order, and the order keeps the values of the wrong one. So one leaves when the one before it is settled.
 * Of those that wait only the last matters: each takes over the values of the one before it.
 */
export class ModifyQueue<Key extends string> {
  readonly #clock: Clock;
  readonly #settleMs: number;
  readonly #rows = new Map<OrderId, Row>();
  /** What may still come of modifies that nobody knows the end of, or of which an attempt was never answered; until when, monotonic. */
  readonly #doubts = new Map<OrderId, { readonly change: OrderChange; readonly until: number }>();

  /** `settleMs`: milliseconds in which what was sent and never answered may still come. */
  constructor(clock: Clock, settleMs: number) {
    this.#clock = clock;
    this.#settleMs = settleMs;
  }

  /** Calls `send` in this tick when nothing of the order is under way, otherwise when its turn has come, or never: then with why. */
  run(
    {
      orderId,
      change,
      deadline,
      signal,
    }: {
      readonly orderId: OrderId;
      readonly change: OrderChange;
      readonly deadline: Deadline;
      readonly signal: AbortSignal | undefined;
    },
    send: (turn: Turn) => Promise<ModifyOutcome<Key>>,
  ): Promise<ModifyOutcome<Key>> {
    const row = this.#rows.get(orderId);
    // safeguard: modifies one after the other
    if (row)
      return this.#wait(row, change, deadline, signal).then((turn) =>
        turn.is === 'now' ? this.#send(orderId, row, turn, send) : send(turn),
      );
    // end of safeguard
    const fresh: Row = { waiting: undefined };
    this.#rows.set(orderId, fresh);
    return this.#send(
      orderId,
      fresh,
      { is: 'now', change, unsettled: this.#doubtOf(orderId) },
      send,
    );
  }

  #send(
    orderId: OrderId,
    row: Row,
    turn: Turn & { readonly is: 'now' },
    send: (turn: Turn) => Promise<ModifyOutcome<Key>>,
  ): Promise<ModifyOutcome<Key>> {
    const sent = send(turn);
    const giveTurn = (isDoubtful: boolean): void => {
      if (isDoubtful) this.#doubt(orderId, turn.change);
      const { waiting } = row;
      if (!waiting) return void this.#rows.delete(orderId);
      row.waiting = undefined;
      waiting.come({ is: 'now', change: waiting.change, unsettled: this.#doubtOf(orderId) });
    };
    sent.then(
      async (outcome) => {
        const end = outcome.kind === 'unknown' && !outcome.final ? await outcome.resolved : outcome;
        // What a row or a second attempt showed to be done leaves an attempt without an answer behind.
        giveTurn(end.kind === 'unknown' || (end.kind === 'accepted' && end.recovered));
      },
      () => giveTurn(true),
    );
    return sent;
  }

  #doubt(orderId: OrderId, change: OrderChange): void {
    const now = this.#clock.monotonic();
    for (const [key, { until }] of this.#doubts) if (until <= now) this.#doubts.delete(key);
    const before = this.#doubts.get(orderId);
    this.#doubts.set(orderId, {
      change: before ? merge(before.change, change) : change,
      until: now + this.#settleMs,
    });
  }

  #doubtOf(orderId: OrderId): OrderChange | undefined {
    const doubt = this.#doubts.get(orderId);
    return doubt && doubt.until > this.#clock.monotonic() ? doubt.change : undefined;
  }

  async #wait(
    row: Row,
    change: OrderChange,
    deadline: Deadline,
    signal: AbortSignal | undefined,
  ): Promise<Turn> {
    const before = row.waiting;
    const merged = before ? merge(before.change, change) : change;
    let own: Waiting | undefined;
    let given: Turn | undefined;
    const coming = new Promise<void>((resolve) => {
      row.waiting = own = { change: merged, come: (turn) => ((given = turn), resolve()) };
    });
    before?.come({ is: 'superseded', by: merged });
    const waited = await waitWithin(() => coming, deadline, signal, this.#clock);
    if (row.waiting === own) row.waiting = undefined;
    // A turn that came in the moment of the deadline is taken, or the row would stand still: the router looks at the deadline itself.
    return given ?? { is: waited.is === 'aborted' ? 'aborted' : 'late' };
  }
}

function merge(earlier: OrderChange, later: OrderChange): OrderChange {
  const merged: { -readonly [Field in keyof OrderChange]: OrderChange[Field] } = { ...earlier };
  for (const field of ['quantity', 'limitPrice', 'stopPrice', 'trailPrice'] as const)
    if (later[field] !== undefined) merged[field] = later[field];
  return merged;
}
