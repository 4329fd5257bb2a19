import { clientOrderIdKey } from '../client-order-id.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Logger } from '../logger.ts';
import { isSilent } from '../logger.ts';
import type { Mutation } from '../operation.ts';
import type { Outcome } from '../outcome.ts';
import { whenProcessEnds } from './when-process-ends.ts';
import type { Subject, Way } from './outcome-fields.ts';
import { outcomeFields } from './outcome-fields.ts';

/** Which mutation is meant: closes and reduces have ids of their own, and what changes an order of somebody else has its order's. */
export interface Concerned {
  readonly operation: Mutation;
  readonly clientOrderId: string | undefined;
  readonly orderId?: string | undefined;
}

/** A delivery that has ended, as the router tells of it. */
export interface Delivered extends Concerned {
  readonly executor: string;
  readonly because: string;
  /** What the answer meant, or why there was none. */
  readonly code: string;
  /** Whether the call has had no delivery before it. */
  readonly first: boolean;
}

interface Waiting {
  readonly message: 'outcome' | 'resolved';
  readonly outcome: Outcome;
  readonly way: Way | undefined;
}

/** Mutations whose deliveries are kept for their lines; of more than so many at once, the oldest line goes without its way. */
const kept = 10_000;

/** Not worth a warning: the bot asked for just that. */
const harmless: ReadonlySet<string> = new Set(['DRY_RUN', 'SUPERSEDED', 'WITHDRAWN', 'ABORTED']);

/**
 * Writes one line for each outcome, and one more where what was unknown has ended. Nothing is written while an order is on its way or an outcome is being told:
 * lines wait for the turn of the event loop after it, and at the latest for the end of the process or of the broker.
 */
export class OutcomeLog<Key extends string> {
  readonly #log: Logger;
  readonly #subjectOf: (outcome: Outcome<Key>) => Subject;
  readonly #ways = new Map<string, Way & { readonly last: Way['earlier'][number] }>();
  readonly #waiting: Waiting[] = [];
  readonly #stopWaitingForEnd: () => void;
  #isDue = false;

  private constructor(log: Logger, subjectOf: (outcome: Outcome<Key>) => Subject) {
    this.#log = log;
    this.#subjectOf = subjectOf;
    this.#stopWaitingForEnd = whenProcessEnds(() => this.flush());
  }

  /** Undefined for a log that nobody hears: then no order pays for it. */
  static over<Key extends string>(
    log: Logger,
    events: EventHub<Key>,
    subjectOf: (outcome: Outcome<Key>) => Subject,
  ): OutcomeLog<Key> | undefined {
    if (isSilent(log)) return undefined;
    const outcomes = new OutcomeLog<Key>(log, subjectOf);
    for (const name of [
      'order.accepted',
      'order.rejected',
      'order.not-sent',
      'order.unknown',
    ] as const)
      events.on(name, (outcome: Outcome<Key>) => outcomes.#take('outcome', outcome));
    events.on('order.resolved', (end) => outcomes.#take('resolved', end));
    return outcomes;
  }

  /** Called when a delivery has ended, before its outcome is told. */
  delivered({ executor, because, code, first, ...concerned }: Delivered): void {
    const key = keyOf(concerned);
    // A place that is delivered again is the same intent; another cancel of an order is one of its own.
    const known = first && concerned.operation !== 'place' ? undefined : this.#ways.get(key);
    this.#ways.set(key, {
      because,
      earlier: known ? [...known.earlier, known.last] : [],
      last: { executor, code },
    });
    if (this.#ways.size <= kept) return;
    const [oldest] = this.#ways.keys();
    if (oldest !== undefined) this.#ways.delete(oldest);
  }

  /** Writes what waits. */
  flush(): void {
    this.#isDue = false;
    for (const { message, outcome, way } of this.#waiting.splice(0))
      this.#log[levelOf(outcome)](
        outcomeFields(outcome, this.#subjectOf(outcome as Outcome<Key>), way),
        message,
      );
  }

  close(): void {
    this.flush();
    this.#stopWaitingForEnd();
  }

  #take(message: Waiting['message'], outcome: Outcome<Key>): void {
    const key = keyOf(outcome);
    const way = this.#ways.get(key);
    // What is unknown may be delivered once more; its end tells the whole way.
    if (outcome.kind !== 'unknown' || outcome.final) this.#ways.delete(key);
    this.#waiting.push({ message, outcome, way });
    if (this.#isDue) return;
    this.#isDue = true;
    // safeguard: lines are written after the outcome is told
    setImmediate(() => this.flush());
  }
}

function levelOf(outcome: Outcome): 'info' | 'warn' {
  return outcome.kind === 'accepted' || harmless.has(outcome.code) ? 'info' : 'warn';
}

function keyOf({ operation, clientOrderId, orderId }: Concerned): string {
  return `${operation} ${clientOrderId === undefined ? (orderId ?? '') : clientOrderIdKey(clientOrderId)}`;
}
