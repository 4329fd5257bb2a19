import type { Adapter } from '../adapter.ts';
import type { Clock } from '../clock.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { Latch } from '../halt/latch.ts';
import type { Journal } from '../journal/journal.ts';
import type { Logger } from '../logger.ts';
import type { LoopWatch } from '../loop-watch.ts';
import type { OutcomeLog } from '../log/outcome-log.ts';
import type { RateLimited } from '../outcomes/rate-limited.ts';
import type { RequestBudget } from '../budget/request-budget.ts';
import type { PreparedRequest } from '../request.ts';
import type { LiveRouting } from '../routing/live-routing.ts';
import type { StoryLog } from '../story/story-log.ts';
import { AttemptSequence } from './attempt-sequence.ts';
import type { DeliveryEnd, DeliverySoFar, DeliveryTask } from './delivery-task.ts';
import type { ExecutorRoster, TrippedPolicy } from './executor-roster.ts';

/** What every attempt needs. */
export interface RouterParts<Key extends string> {
  readonly adapter: Adapter;
  readonly roster: ExecutorRoster<Key>;
  readonly routing: LiveRouting<Key>;
  readonly budget: RequestBudget | undefined;
  readonly latch: Latch;
  readonly journal: Journal;
  readonly events: EventHub<Key>;
  readonly clock: Clock;
  /** Milliseconds a written request may go without an answer before its connection is reset. */
  readonly answerTimeoutMs: number;
  /** What a 429 to a mutation means. */
  readonly rateLimited: RateLimited;
  /** Compares what others would have written; told when a request has been handed over. Absent in tests of the router alone. */
  readonly shadow?: { sent(executor: Key, request: PreparedRequest): void } | undefined;
  /** For what fails here by itself. Absent in tests of the router alone. */
  readonly log?: Logger | undefined;
  /** Says when the event loop stood still. Absent in tests of the router alone. */
  readonly loop?: LoopWatch | undefined;
  /** Told of deliveries for the lines about outcomes; undefined when nobody hears the log. */
  readonly outcomeLog?: OutcomeLog<Key> | undefined;
  /** Takes down what was delivered. Absent in tests of the router alone. */
  readonly story?: StoryLog | undefined;
  /** What is done when every executor is tripped: with what may enter the market, and with what gets out of it. */
  readonly whenAllTripped: { readonly entries: TrippedPolicy; readonly exits: TrippedPolicy };
}

export interface RouterGate {
  isClosed: boolean;
  handedOver: number;
}

/** The one place that sends a mutation, and the only one that ever sends one again. */
export class Router<Key extends string> {
  readonly #parts: RouterParts<Key>;
  /** What its attempts look at and count in. */
  readonly #gate: RouterGate = { isClosed: false, handedOver: 0 };

  constructor(parts: RouterParts<Key>) {
    this.#parts = parts;
  }

  get isClosed(): boolean {
    return this.#gate.isClosed;
  }

  /** How many requests executors have been given. */
  get handedOver(): number {
    return this.#gate.handedOver;
  }

  /** Nothing that has not been handed to an executor leaves after this. */
  close(): void {
    this.#gate.isClosed = true;
  }

  /** When everything is warm the executor has the request before this returns. Never rejects. */
  deliver(task: DeliveryTask<Key>): Promise<DeliveryEnd<Key>> {
    return new Promise((resolve) => void this.start(task, resolve));
  }

  /** The same for whoever must not lose a turn to a promise. `ended` is called once, never before this has returned, and must not throw. */
  start(
    task: DeliveryTask<Key>,
    ended: (end: DeliveryEnd<Key>) => void,
  ): { soFar(): DeliverySoFar<Key> } {
    let returned = false;
    const attempts = new AttemptSequence(this.#parts, this.#gate, task, (end) => {
      if (returned) ended(end);
      else queueMicrotask(() => ended(end));
    });
    attempts.start();
    returned = true;
    return attempts;
  }
}
