import type { Encoded, Missing } from '../adapter.ts';
import type { Delivery, Failure } from '../delivery.ts';
import { messageOf } from '../errors/message-of.ts';
import type { OutcomeKind } from '../outcome.ts';
import type { PreparedRequest } from '../request.ts';
import type { RoutingSnapshot } from '../routing/routing-snapshot.ts';
import { attemptLine, intentLine } from './attempt-line.ts';
import type { AttemptTimes } from './attempt-times.ts';
import { timingsOf } from './attempt-times.ts';
import type { Decision } from './decision.ts';
import { decisionText } from './decision.ts';
import { decodedVerdict } from './decoded-verdict.ts';
import type { DeliveryMark, DeliveryTimings } from './delivery-report.ts';
import { markOfAnswer, markOfFailure, noTimings } from './delivery-report.ts';
import { deliveryProblem } from './delivery-problem.ts';
import type { DeliveryEnd, DeliveryResult, DeliverySoFar, DeliveryTask } from './delivery-task.ts';
import type { ReadyEntry, Wanted } from './executor-roster.ts';
import { measured } from './measured.ts';
import type { RouterGate, RouterParts } from './router.ts';
import { throttledRefusal } from './throttled-refusal.ts';
import {
  budgetExhausted,
  notEncoded,
  notHandedOver,
  notPrepared,
  notRecorded,
  notRenewed,
  stillLacking,
  unauthorized,
} from './unsent-results.ts';
import { verdictKind, verdictMeaning } from './verdict-meaning.ts';
import { waitWithin } from './wait-within.ts';
import { whyStopped } from './why-stopped.ts';
import { whyUnreachable } from './why-unreachable.ts';

/** Asked for once more after a renewal, but never in a circle. */
const preparationsAllowed = 4;

/**
 * The attempts of one intent. A further one starts on two grounds only, and both prove that nothing ran at the venue:
 * no byte was written (another executor takes over), or the answer was 401 (once, with a renewed token).
 */
export class AttemptSequence<Key extends string> {
  readonly #parts: RouterParts<Key>;
  readonly #gate: RouterGate;
  readonly #task: DeliveryTask<Key>;
  readonly #resolve: (end: DeliveryEnd<Key>) => void;
  /** Who has delivered and may not again, by the code of its failure. Made when somebody else has to: most intents need one executor. */
  #tried: Map<Key, string> | undefined;
  /** What they said of it. */
  #failures: Map<Key, string> | undefined;
  #startedAt: number;
  #because = '';
  #tellTakeover: (() => void) | undefined;
  #preparations = 0;
  #deliveries = 0;
  #spent = false;
  #journaled = false;
  #repeated = false;
  #isOver = false;
  #executor: Key | undefined;
  #decision: Decision<Key> | undefined;
  /** Wall milliseconds of the attempt's line in the journal, by which its story finds it. */
  #sentAt = 0;
  #firstSentAt = 0;
  #timings: DeliveryTimings = noTimings;

  constructor(
    parts: RouterParts<Key>,
    gate: RouterGate,
    task: DeliveryTask<Key>,
    resolve: (end: DeliveryEnd<Key>) => void,
  ) {
    this.#parts = parts;
    this.#gate = gate;
    this.#task = task;
    this.#resolve = resolve;
    this.#startedAt = task.startedAt;
  }

  /** Never throws: what threw before the executor was asked has proven that nothing left, and what throws behind that changes nothing of the delivery. */
  start(): void {
    const before = this.#deliveries;
    try {
      this.#attempt();
    } catch (error) {
      this.#parts.log?.error(
        { operation: this.#task.operation, clientOrderId: this.#task.clientOrderId, error },
        'an attempt failed by itself',
      );
      if (this.#deliveries === before) this.#end(notHandedOver(this.#task.operation, error));
    }
  }

  /** From here to `deliver` everything is synchronous: no promise, no timer, no event stands between a call and its write. */
  #attempt(): void {
    const { adapter, roster, clock } = this.#parts;
    const routing = this.#parts.routing.current;
    const stopped = whyStopped(this.#parts, this.#gate, this.#task);
    if (stopped) return this.#end(stopped);

    const routedFrom = clock.monotonic();
    const wanted = this.#wanted(this.#executor ?? this.#assigned(routing));
    const entry = roster.choose(wanted, routing, this.#tried);
    const routedAt = clock.monotonic();
    if (!entry) return this.#end(this.#unreachable(routing));
    // safeguard: it is noted why another executor than the table's delivers
    if (entry.key !== this.#decision?.executor || entry.health.isTripped(wanted.operation))
      this.#noteDetour(entry, routing);
    // end of safeguard

    let encoded: Encoded;
    try {
      // safeguard: tag on fallback
      encoded = adapter.encode(this.#task.intent);
    } catch (error) {
      return this.#end(notEncoded(this.#task.operation, error));
    }
    const encodedAt = clock.monotonic();
    if (!encoded.ready) return this.#prepare(encoded.missing);
    if (this.#task.dryRun)
      return this.#end({
        is: 'not-sent',
        code: 'DRY_RUN',
        message: 'Everything was done but the write.',
      });

    // safeguard: journal write before send
    const refused = this.#spend() ?? this.#record(entry);
    if (refused) return this.#end(refused);
    this.#deliver(entry, encoded.request, {
      startedAt: this.#startedAt,
      routeMs: routedAt - routedFrom,
      encodeMs: encodedAt - routedAt,
    });
  }

  #assigned(routing: RoutingSnapshot<Key>): Key {
    const { executor, bucket, rule, cut } = this.#task.assign(routing);
    const { version } = routing.config;
    this.#decision = cut
      ? { executor, bucket, rule, version, cut }
      : { executor, bucket, rule, version };
    return executor;
  }

  /** Somebody else than the assigned executor delivers, or one that is tripped does: why, as of now. */
  #noteDetour(entry: ReadyEntry<Key>, routing: RoutingSnapshot<Key>): void {
    const { operation } = this.#task;
    const decision = this.#decision;
    if (!decision) return;
    const passedBy = this.#parts.roster.passedBy(
      { key: decision.executor, operation },
      entry.key,
      routing,
      this.#tried,
    );
    this.#decision = entry.health.isTripped(operation)
      ? { ...decision, passedBy, lastResort: true }
      : { ...decision, passedBy };
  }

  #deliver(entry: ReadyEntry<Key>, request: PreparedRequest, times: AttemptTimes): void {
    const { clock, answerTimeoutMs } = this.#parts;
    if (this.#deliveries === 0) this.#firstSentAt = clock.now();
    this.#deliveries += 1;
    this.#gate.handedOver += 1;
    this.#executor = entry.key;
    let delivered: Promise<Delivery>;
    try {
      delivered = entry.executor.deliver(request, {
        deadline: this.#task.deadline.monotonic,
        answerTimeoutMs,
        signal: this.#task.signal,
      });
    } catch (error) {
      return this.#executorFailed(entry, error);
    }
    const generation = request.authorization?.generation;
    // A plugin need not be ours: one that gives something else than a delivery has proven nothing either.
    // safeguard: what an executor gives need be no promise
    if (!(delivered instanceof Promise)) delivered = Promise.resolve(delivered);
    delivered.then(
      (delivery) => {
        try {
          this.#delivered(entry, delivery, times, generation);
        } catch (error) {
          this.#executorFailed(entry, error);
        }
      },
      (error: unknown) => this.#executorFailed(entry, error),
    );
    this.#parts.shadow?.sent(entry.key, request);
    this.#tellTakeover?.();
    this.#tellTakeover = undefined;
  }

  #delivered(
    entry: ReadyEntry<Key>,
    delivery: Delivery,
    times: AttemptTimes,
    generation: number | undefined,
  ): void {
    const problem = deliveryProblem(delivery);
    // safeguard: a delivery that can't be read proves nothing
    if (problem !== undefined) return this.#executorFailed(entry, problem);
    this.#timings = timingsOf(delivery, times);
    if (delivery.bytes !== 'none') {
      this.#parts.events.emit('order.sent', {
        operation: this.#task.operation,
        clientOrderId: this.#task.clientOrderId,
        executor: entry.key,
      });
    }
    if (delivery.stage === 'answered') {
      const said = decodedVerdict(this.#parts.adapter, this.#task, delivery.answer);
      if (said.is === 'throttled') this.#parts.budget?.throttled(said.retryAfterMs);
      const verdict =
        said.is === 'throttled' && this.#parts.rateLimited === 'refused'
          ? throttledRefusal(said.message)
          : said;
      const meant = verdictMeaning(verdict);
      this.#note(entry, verdictKind(verdict), markOfAnswer(meant), meant, delivery);
      if (verdict.is === 'unauthorized') return this.#renew(generation, verdict.message);
      return this.#end({ is: 'answered', verdict });
    }
    const { failure } = delivery;
    if (delivery.bytes !== 'none') {
      this.#note(entry, 'unknown', markOfFailure(failure.code), failure.code, delivery);
      return this.#end({ is: 'silent', failure });
    }
    this.#note(entry, 'not-sent', markOfFailure(failure.code), failure.code, delivery);
    if (failure.code === 'ABORTED')
      return this.#end({ is: 'not-sent', code: 'ABORTED', message: failure.message });
    if (failure.code === 'DEADLINE')
      return this.#end({ is: 'not-sent', code: 'DEADLINE_PASSED', message: failure.message });
    this.#takeOver(entry, failure);
  }

  #takeOver(entry: ReadyEntry<Key>, failure: Failure): void {
    const { roster, routing, events } = this.#parts;
    this.#tried ??= new Map();
    this.#tried.set(entry.key, failure.code);
    this.#failures ??= new Map();
    this.#failures.set(entry.key, failure.message);
    const next = roster.choose(this.#wanted(entry.key), routing.current, this.#tried);
    if (!next) return this.#end(this.#unreachable(routing.current));
    this.#executor = next.key;
    // Told once the other executor has the request: a listener must not stand between a takeover and its write.
    this.#tellTakeover = () =>
      events.emit('executor.fallback', {
        operation: this.#task.operation,
        clientOrderId: this.#task.clientOrderId,
        from: entry.key,
        to: next.key,
        failure,
      });
    this.#again(`takeover from ${entry.key}: ${failure.code}`);
  }

  #renew(generation: number | undefined, text: string | undefined): void {
    // safeguard: one repeat after a 401
    if (this.#repeated) return this.#end(unauthorized(text));
    if (generation === undefined) return this.#end(unauthorized(text));
    this.#repeated = true;
    const { adapter, clock } = this.#parts;
    void waitWithin(
      () => adapter.renewAuthorization(generation),
      this.#task.deadline,
      this.#task.signal,
      clock,
    ).then((waited) => {
      if (waited.is === 'failed')
        this.#parts.events.emit('session.failed', { message: messageOf(waited.error) });
      if (waited.is === 'failed') return this.#end(notRenewed(waited.error));
      this.#spent = false;
      this.#again('401: token renewed');
    });
  }

  #again(because: string): void {
    this.#because = because;
    this.#startedAt = this.#parts.clock.monotonic();
    this.start();
  }

  #prepare(missing: Missing): void {
    const { adapter, clock } = this.#parts;
    this.#preparations += 1;
    if (this.#preparations > preparationsAllowed) return this.#end(stillLacking(missing));
    void waitWithin(
      () => adapter.prepare(missing, this.#task.symbol, this.#task.lane),
      this.#task.deadline,
      this.#task.signal,
      clock,
    ).then((waited) => {
      if (waited.is !== 'failed') return this.start();
      this.#end(notPrepared(missing, waited.error));
    });
  }

  /** A takeover costs nothing more: the venue has not seen the first request. */
  #spend(): DeliveryResult | undefined {
    if (this.#spent) return undefined;
    const admission = this.#parts.budget?.admit(this.#task.lane);
    if (admission?.admitted === false) return budgetExhausted(this.#task.operation, admission);
    this.#spent = true;
    return undefined;
  }

  #record(entry: ReadyEntry<Key>): DeliveryResult | undefined {
    const { journal, clock } = this.#parts;
    const at = clock.now();
    this.#sentAt = at;
    const task = this.#task;
    const { operation, clientOrderId } = task;
    try {
      journal.append(
        this.#journaled
          ? attemptLine(task, at, entry.key, this.#decision, this.#because)
          : intentLine(task, at, entry.key, this.#decision),
      );
      this.#journaled = true;
      return undefined;
    } catch (cause) {
      queueMicrotask(() =>
        this.#parts.events.emit('journal.failed', {
          what: 'line',
          operation,
          clientOrderId,
          cause,
        }),
      );
      if (task.goesUnjournaled) return undefined;
      return notRecorded(cause);
    }
  }

  #executorFailed(entry: ReadyEntry<Key>, error: unknown): void {
    this.#note(entry, 'unknown', 'failed', 'EXECUTOR_FAILED', undefined);
    this.#end({
      is: 'executor-failed',
      message: `The executor "${entry.key}" failed, so nobody knows what it wrote: ${messageOf(error)}`,
    });
  }

  #note(
    entry: ReadyEntry<Key>,
    outcome: OutcomeKind,
    given: DeliveryMark,
    code: string,
    delivery: Delivery | undefined,
  ): void {
    const { operation, clientOrderId } = this.#task;
    const { clock, roster, loop } = this.#parts;
    const startedAt = this.#startedAt;
    const endedAt = clock.monotonic();
    const { mark, heldMs, isDistorted } = measured(
      { mark: given, code, marks: delivery?.marks, startedAt, endedAt },
      loop,
    );
    roster.delivered(entry, {
      operation,
      outcome,
      mark,
      code,
      clientOrderId,
      unwritten: delivery?.bytes === 'none',
      first: this.#deliveries === 1,
      startedAt,
      endedAt,
      timings: delivery ? this.#timings : noTimings,
      heldMs,
      isDistorted,
    });
    const because = decisionText(this.#decision, entry.key, operation, this.#because);
    this.#parts.story?.add({
      kind: 'delivery',
      at: clock.now(),
      clientOrderId,
      orderId: this.#task.orderId,
      operation,
      executor: entry.key,
      decision: this.#decision,
      because,
      bytes: delivery?.bytes,
      meant: code,
      sentAt: this.#sentAt,
      timings: delivery ? this.#timings : noTimings,
    });
    this.#parts.outcomeLog?.delivered({
      operation,
      clientOrderId,
      orderId: this.#task.orderId,
      executor: entry.key,
      because,
      code,
      first: this.#deliveries === 1,
    });
  }

  #wanted(key: Key): Wanted<Key> {
    const { operation, goesUnjournaled, getsOut = goesUnjournaled } = this.#task;
    const { entries, exits } = this.#parts.whenAllTripped;
    return { key, operation, whenAllTripped: getsOut ? exits : entries };
  }

  #unreachable(routing: RoutingSnapshot<Key>): DeliveryResult {
    return whyUnreachable(
      this.#parts.roster,
      this.#task.operation,
      routing,
      this.#failures,
      this.#deliveries > 0,
    );
  }

  /** Once: what comes later, from an executor that contradicts itself, changes nothing. */
  #end(result: DeliveryResult): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#resolve({
      result,
      executor: this.#deliveries === 0 ? undefined : this.#executor,
      deliveries: this.#deliveries,
      journaled: this.#journaled,
      firstSentAt: this.#firstSentAt,
      timings: this.#timings,
    });
  }

  /** As of now, before the end. */
  soFar(): DeliverySoFar<Key> {
    return {
      executor: this.#deliveries === 0 ? undefined : this.#executor,
      deliveries: this.#deliveries,
      journaled: this.#journaled,
      firstSentAt: this.#firstSentAt,
      timings: this.#timings,
    };
  }
}
