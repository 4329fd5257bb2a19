import type { Clock } from '../clock.ts';
import { messageOf } from '../errors/message-of.ts';
import type { Logger } from '../logger.ts';
import type { Order } from '../order.ts';
import type { NotSent, Rejected, Unknown, Unsettled } from '../outcome.ts';
import type { DeliveryEnd, DeliverySoFar, DeliveryTask } from '../router/delivery-task.ts';
import type { Router } from '../router/router.ts';
import type { AwaitedCalls } from './awaited-calls.ts';
import type { EndOf, UnknownDetails } from './open-unknown.ts';
import type { OpenUnknowns } from './open-unknowns.ts';
import type { Call, Told } from './told.ts';
import { told } from './told.ts';
import { unknownDetails } from './unknown-details.ts';

export interface AwaitedCallParts<Key extends string> {
  readonly router: Router<Key>;
  readonly awaited: AwaitedCalls;
  readonly unknowns: OpenUnknowns<Key>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How a call of one operation ends. */
export type EndOfCall<Key extends string, Done> =
  | Done
  | Rejected<Key>
  | NotSent<Key>
  | Unknown<Key, Done>
  | Unsettled<Key>;

type State<Key extends string, Done> =
  | { readonly is: 'waiting' }
  /** The bot has its outcome. `Done` or a refusal by a row, or whatever the delivery came to. */
  | { readonly is: 'told'; readonly outcome: EndOfCall<Key, Done> }
  /** The bot was told that nobody knows, while the answer was still awaited. */
  | {
      readonly is: 'overdue';
      end(ended: EndOf<Key, Done>, options?: { readonly announced?: boolean }): void;
    };

/**
 * A call between its delivery and its outcome. Whatever says first what became of it settles it: the answer, or a row of its order that a lookup or the stream brings before the answer.
 */
export abstract class AwaitedCall<Key extends string, Done extends { readonly kind: 'accepted' }> {
  protected readonly call: Call;
  readonly #parts: AwaitedCallParts<Key>;
  #task: DeliveryTask<Key> | undefined;
  #attempts: { soFar(): DeliverySoFar<Key> } | undefined;
  #state: State<Key, Done> = { is: 'waiting' };
  /** Why the answer does not say what became of it, once that has come. */
  #details: UnknownDetails | undefined;
  #resolve: (outcome: EndOfCall<Key, Done>) => void = () => undefined;

  constructor(parts: AwaitedCallParts<Key>, call: Call) {
    this.#parts = parts;
    this.call = call;
  }

  /** With everything warm the executor has the request when this returns. */
  start(task: DeliveryTask<Key>): Promise<EndOfCall<Key, Done>> {
    const outcome = new Promise<EndOfCall<Key, Done>>((resolve) => {
      this.#resolve = resolve;
    });
    this.#task = task;
    this.#parts.awaited.add(this);
    this.#attempts = this.#parts.router.start(task, (end) => this.#delivered(end));
    return outcome;
  }

  /** Monotonic milliseconds from which its bot waits. */
  get countsFrom(): number {
    return this.call.countsFrom ?? this.call.startedAt;
  }

  /** Wall milliseconds before the first byte; undefined while nothing has been handed over. */
  get sentAt(): number | undefined {
    const soFar = this.#attempts?.soFar();
    return soFar && soFar.deliveries > 0 ? soFar.firstSentAt : undefined;
  }

  /** Whether the bot has been told the end. That nobody knows is none: what is looked for may still be delivered once more. */
  protected get isSettled(): boolean {
    const state = this.#state;
    return state.is === 'told' && (state.outcome.kind !== 'unknown' || state.outcome.final);
  }

  /** Whether the row is of the order that the call is about. */
  abstract concerns(order: Order): boolean;

  /** A row of the order has come. */
  seen(order: Order): void {
    if (this.#state.is === 'told' || this.sentAt === undefined) return;
    const outcome = this.fromRow(this.soFar(), order);
    if (outcome) this.settled(outcome);
  }

  /** The time in which a bot is told something is over. */
  overdue(): void {
    if (this.#state.is !== 'waiting') return;
    const { unknowns } = this.#parts;
    const { outcome, end } = unknowns.hold<Done>(
      this.soFar(),
      this.#details ?? {
        code: 'NO_ANSWER',
        message: 'No answer has come so far, and the venue shows nothing of it.',
      },
    );
    this.#state = { is: 'overdue', end };
    this.conclude(outcome, undefined);
    this.#resolve(outcome);
  }

  /** Settles the call, once. */
  protected settled(outcome: EndOfCall<Key, Done>, end?: DeliveryEnd<Key>): void {
    const state = this.#state;
    switch (state.is) {
      case 'told':
        return;
      case 'waiting':
        this.#state = { is: 'told', outcome };
        this.conclude(outcome, end);
        return this.#resolve(outcome);
      case 'overdue':
        this.#state = { is: 'told', outcome };
        // It is looked for as any other unknown; who looks tells of the end.
        if (outcome.kind === 'unknown' && !outcome.final)
          return void outcome.resolved.then((ended) => state.end(ended, { announced: true }));
        this.ended(outcome, end);
        return state.end(outcome);
    }
  }

  /** Delivers the same once more. For whoever knows that this does no harm. */
  protected deliverAgain(): Promise<DeliveryEnd<Key>> {
    if (!this.#task) throw new TypeError('nothing has been delivered yet');
    return this.#parts.router.deliver(this.#task);
  }

  /** What an outcome tells, as of now. */
  protected soFar(): Told<Key> {
    return told(this.call, this.#parts.clock, this.#attempts?.soFar());
  }

  /** What a row proves; undefined when it proves nothing of this call. */
  protected abstract fromRow(base: Told<Key>, order: Order): Done | Rejected<Key> | undefined;

  /** What the delivery came to. */
  protected abstract settle(
    end: DeliveryEnd<Key>,
  ): EndOfCall<Key, Done> | Promise<EndOfCall<Key, Done>>;

  /** Writes down and tells what the bot is about to be told. `end`: undefined while the answer is awaited. */
  protected abstract conclude(
    outcome: EndOfCall<Key, Done>,
    end: DeliveryEnd<Key> | undefined,
  ): void;

  /** Writes down the end of what was told as unknown. */
  protected abstract ended(outcome: EndOfCall<Key, Done>, end: DeliveryEnd<Key> | undefined): void;

  /** The answer came after the bot was told. */
  protected abstract deliveredLate(outcome: EndOfCall<Key, Done>, end: DeliveryEnd<Key>): void;

  /** What the answer settles is told in the turn that read the answer; every promise between the two would put it off. */
  #delivered(end: DeliveryEnd<Key>): void {
    if (this.#state.is === 'told') {
      this.#parts.awaited.delete(this);
      return this.deliveredLate(this.#state.outcome, end);
    }
    const { result } = end;
    this.#details = result.is === 'not-sent' ? undefined : unknownDetails(result);
    try {
      const outcome = this.settle(end);
      if (outcome instanceof Promise) {
        outcome
          .then((settled) => this.#concluded(settled, end))
          .catch((error: unknown) => this.#failed(error));
      } else {
        this.#concluded(outcome, end);
      }
    } catch (error) {
      this.#failed(error);
    }
  }

  #concluded(outcome: EndOfCall<Key, Done>, end: DeliveryEnd<Key>): void {
    this.#parts.awaited.delete(this);
    this.settled(outcome, end);
  }

  /** Settling it failed by itself. It has been delivered, and nobody knows how it ended: the bot is told just that, and a mutation never rejects. */
  #failed(error: unknown): void {
    const { operation, clientOrderId } = this.call;
    this.#parts.log.error(
      { operation, clientOrderId, error },
      'the end of a mutation could not be settled',
    );
    this.#details = {
      code: 'NOT_CONFIRMED',
      message: `What became of it could not be settled: ${messageOf(error)}`,
    };
    // safeguard: a call that can't be settled is unknown
    this.overdue();
    this.#parts.awaited.delete(this);
  }
}
