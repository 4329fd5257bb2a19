import type { Lane, SendOptions } from '../adapter.ts';
import type { Clock } from '../clock.ts';
import type { Delivery, Failure } from '../delivery.ts';
import { messageOf } from '../errors/message-of.ts';
import type { Logger } from '../logger.ts';
import type { LoopWatch } from '../loop-watch.ts';
import type { RequestBudget } from '../budget/request-budget.ts';
import { whyNotAdmitted } from '../budget/request-budget.ts';
import type { PreparedRequest } from '../request.ts';
import type { LiveRouting } from '../routing/live-routing.ts';
import { deliverRead } from './deliver-read.ts';
import type { DeliveryReport } from './delivery-report.ts';
import { markOfFailure } from './delivery-report.ts';
import type { ExecutorRoster } from './executor-roster.ts';
import { measured } from './measured.ts';
import { ReadPacer } from './read-pacer.ts';

/** The venue's buckets; undefined for no limit. `bars` undefined: they count like everything else. */
export interface Budgets {
  readonly general: RequestBudget | undefined;
  readonly bars: RequestBudget | undefined;
}

/** Sends the adapter's own requests: login, lookups and reads. One for which the budget has no room waits for it within its own time. They share no connection with orders as long as routing sends them to an executor of their own. */
export class ReadSender<Key extends string> {
  readonly #roster: ExecutorRoster<Key>;
  readonly #routing: LiveRouting<Key>;
  readonly #budgets: Budgets;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #loop: LoopWatch;
  readonly #pacer: ReadPacer;
  #isStarting = true;
  #lastAnswered: PreparedRequest | undefined;

  constructor(
    roster: ExecutorRoster<Key>,
    routing: LiveRouting<Key>,
    budgets: Budgets,
    clock: Clock,
    log: Logger,
    loop: LoopWatch,
  ) {
    this.#roster = roster;
    this.#routing = routing;
    this.#budgets = budgets;
    this.#clock = clock;
    this.#log = log;
    this.#loop = loop;
    this.#pacer = new ReadPacer(clock);
  }

  /** The broker stands: from here on reads are nobody's way out. */
  started(): void {
    this.#isStarting = false;
  }

  /** What waits for room ends now; what is sent from here on does not wait. */
  close(): void {
    this.#pacer.close();
  }

  async send(request: PreparedRequest, options: SendOptions): Promise<Delivery> {
    this.#loop.begun();
    try {
      return await this.#send(request, options);
    } finally {
      this.#loop.ended();
    }
  }

  async #send(
    request: PreparedRequest,
    { lane, bucket, timeoutMs, signal }: SendOptions,
  ): Promise<Delivery> {
    const queued = this.#clock.monotonic();
    const refused = await this.#admit(lane, bucket, timeoutMs, signal);
    if (refused) return this.#unsent(queued, refused);
    const failures = new Map<Key, string>();
    let last: Failure | undefined;
    for (;;) {
      const routing = this.#routing.current;
      // A read can do no harm, and what it settles may be an order: it goes even when everybody is tripped.
      const entry = this.#roster.choose(
        { key: routing.reads, operation: 'read', whenAllTripped: 'use-last' },
        routing,
        failures,
      );
      // Each executor's own reason: "not available" helps nobody.
      if (!entry)
        return this.#unsent(queued, {
          code: 'NO_CONNECTION',
          ...last,
          message: `${this.#roster.whyNobody('read', routing, failures)}.`,
        });
      const left = timeoutMs - (this.#clock.monotonic() - queued);
      // A read holds nothing that could be lost: an executor that throws has merely not answered.
      let delivery: Delivery;
      try {
        delivery = await deliverRead(
          entry.executor,
          request,
          { deadline: queued + timeoutMs, answerTimeoutMs: left, signal },
          this.#clock,
        );
      } catch (error) {
        delivery = this.#unsent(queued, {
          code: 'NO_CONNECTION',
          message: `it failed: ${messageOf(error)}`,
          cause: error,
        });
      }
      this.#roster.delivered(entry, readReport(delivery, failures.size === 0, this.#loop));
      const answered = delivery.stage === 'answered';
      if (answered && request.authorization !== undefined) this.#lastAnswered = request;
      this.#log.debug(
        {
          executor: entry.key,
          operation: 'read',
          path: request.template.path,
          outcome: delivery.stage,
          milliseconds: delivery.marks.end - queued,
        },
        'delivery',
      );
      if (delivery.stage === 'answered') return delivery;
      const { failure } = delivery;
      if (delivery.bytes !== 'none' || failure.code === 'ABORTED' || failure.code === 'DEADLINE')
        return {
          ...delivery,
          failure: { ...failure, message: `${entry.key}: ${failure.message}` },
        };
      failures.set(entry.key, failure.message);
      last = failure;
    }
  }

  /** The last read under a session that the venue answered: asking it again proves that requests and answers pass. */
  get lastAnswered(): PreparedRequest | undefined {
    return this.#lastAnswered;
  }

  /** Undefined when it may be sent. */
  async #admit(
    lane: Lane,
    bucket: SendOptions['bucket'],
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Failure | undefined> {
    const budget =
      bucket === 'bars' ? (this.#budgets.bars ?? this.#budgets.general) : this.#budgets.general;
    if (!budget) return undefined;
    // Without a start nobody gets out.
    // safeguard: a start goes on though reads have no room, or nobody lends
    if (this.#isStarting && this.#admitForStart(budget, lane)) return undefined;
    const paced = await this.#pacer.admit(budget, lane, timeoutMs, signal);
    switch (paced.is) {
      case 'admitted':
        return undefined;
      case 'refused': {
        const others = paced.waiting > 0 ? ` ${paced.waiting} others wait for it.` : '';
        return {
          code: 'BUDGET_EXHAUSTED',
          message: `The rate budget has no room for a ${lane === 'read' ? 'read' : `read (${lane})`} ${whyNotAdmitted(paced.admission)}${others}`,
        };
      }
      case 'aborted':
        return { code: 'ABORTED', message: 'The signal was aborted before anything was written.' };
      case 'closed':
        return {
          code: 'BUDGET_EXHAUSTED',
          message: 'The rate budget has no room for a read, and the broker is being closed.',
        };
    }
  }

  /** Spent in its own lane, or, where that is full, as a cancel would be. */
  #admitForStart(budget: RequestBudget, lane: Lane): boolean {
    return budget.admit(lane).admitted || budget.admit('cancel').admitted;
  }

  #unsent(queued: number, failure: Failure): Delivery {
    return {
      stage: 'queued',
      bytes: 'none',
      failure,
      marks: { queued, written: undefined, firstByte: undefined, end: this.#clock.monotonic() },
    };
  }
}

function readReport(delivery: Delivery, first: boolean, loop: LoopWatch): DeliveryReport {
  const { marks } = delivery;
  const since = (mark: number | undefined): number | undefined =>
    mark === undefined ? undefined : mark - marks.queued;
  const answered = delivery.stage === 'answered';
  const code = answered ? 'answered' : delivery.failure.code;
  return {
    operation: 'read',
    outcome: answered ? 'accepted' : delivery.bytes === 'none' ? 'not-sent' : 'unknown',
    ...measured(
      {
        mark: answered ? 'answered' : markOfFailure(delivery.failure.code),
        code,
        marks,
        startedAt: marks.queued,
        endedAt: marks.end,
      },
      loop,
    ),
    code,
    clientOrderId: undefined,
    unwritten: delivery.bytes === 'none',
    first,
    startedAt: marks.queued,
    endedAt: marks.end,
    timings: {
      route: undefined,
      encode: undefined,
      toWire: since(marks.written),
      toFirstByte: since(marks.firstByte),
      total: answered ? marks.end - marks.queued : undefined,
    },
  };
}
