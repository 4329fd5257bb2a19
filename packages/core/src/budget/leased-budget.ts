import type { Lane } from '../adapter.ts';
import type { RateLimit } from '../capabilities.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { answerWithin } from './answer-within.ts';
import type { BudgetSource, InstantSource } from './budget-source.ts';
import type { CheckedLease } from './checked-lease.ts';
import { checkedLease } from './checked-lease.ts';
import { holdMs } from './hold-ms.ts';
import type { Amounts } from './in-hand.ts';
import { InHand, partInHand } from './in-hand.ts';
import type { LaneCeilings } from './lanes.ts';
import { laneCeilings, mayUseReserve, ownSharesOf } from './lanes.ts';
import { LendingWatch } from './lending-watch.ts';
import { OwnShare } from './own-share.ts';
import type {
  Admission,
  BudgetLeft,
  BudgetReport,
  BudgetSharing,
  RequestBudget,
} from './request-budget.ts';
import { leftBelow } from './request-budget.ts';
import { RequestWindow } from './request-window.ts';

const admitted: Admission = { admitted: true };
const afterFailureMs = 250;
/** A source that has failed so often is asked less often. */
const manyFailures = 40;
const afterManyFailuresMs = 2_000;
/** Milliseconds in which a source has to answer, and those in which it has to at the end, when nobody waits for what it would lend. */
const answerMs = 2_000;
const lastAnswerMs = 1_000;
/** Questions that a source may leave unanswered; beyond, it is asked once a minute, so that what waits for it does not pile up. */
const mostUnanswered = 8;
const afterSilenceMs = 60_000;
const shortestPauseMs = 25;

/** One process's part of a rate limit that several share: slices leased ahead in the background and spent in the tick of the call. While nobody lends, exits go on from a share of their own. */
export class LeasedBudget implements RequestBudget {
  readonly #limit: RateLimit;
  readonly #source: BudgetSource;
  readonly #instant: InstantSource | undefined;
  readonly #clock: Clock;
  readonly #ceilings: LaneCeilings;
  readonly #lending: LendingWatch;
  readonly #ownShare: OwnShare;
  readonly #inHand: InHand;
  /** All that this process has sent. */
  readonly #sent: RequestWindow;
  readonly #listeners = new Set<(report: BudgetReport) => void>();
  #lease: CheckedLease | undefined;
  /** What is to be in hand. */
  #target: Amounts;
  #heldUntil = 0;
  #renewing: Promise<void> | undefined;
  #unanswered = 0;
  #timer: Timer | undefined;
  #isLow = false;
  #closed = false;

  /** `instant`: the source, where it is the one of this machine. */
  constructor(
    limit: RateLimit,
    source: BudgetSource,
    clock: Clock,
    log: Logger,
    instant?: InstantSource,
  ) {
    this.#limit = limit;
    this.#source = source;
    this.#instant = instant;
    this.#clock = clock;
    this.#ceilings = laneCeilings(limit, ownSharesOf(limit));
    this.#lending = new LendingWatch(clock, log);
    this.#ownShare = new OwnShare(limit, clock);
    this.#inHand = new InHand(limit.windowMs);
    this.#sent = new RequestWindow(limit, clock);
    this.#target = partInHand(limit, undefined, false);
  }

  /** Gets the first slice, or waits in vain for as long as a source may take. Resolves in any case: a source that is away lends later. */
  async open(): Promise<void> {
    await this.#renew();
  }

  report(): BudgetReport {
    const now = this.#clock.monotonic();
    const heldForMs = Math.max(0, this.#heldUntil - now);
    const { general, reserve } = this.#inHand.at(now);
    const shared: BudgetSharing = {
      with: this.#instant ? 'machine' : 'source',
      // Who was stopped and wakes may have been passed over meanwhile.
      keeper: now < this.#inHand.validUntil ? this.#lease?.keptBy : undefined,
      processes: this.#lease?.processes,
      nobodyLendsSince: this.#lending.stoppedAt,
      because: this.#lending.because,
      inHand: { entries: general, exits: reserve },
      ownShare: { requests: this.#ownShare.size, used: this.#ownShare.used },
    };
    return {
      ...this.#limit,
      used: this.#used(now),
      heldForMs,
      left: this.#left(now, heldForMs > 0),
      shared,
    };
  }

  admit(lane: Lane): Admission {
    const now = this.#clock.monotonic();
    const getsOut = mayUseReserve(lane);
    if (!getsOut && now < this.#heldUntil)
      return { admitted: false, retryAfterMs: Math.ceil(this.#heldUntil - now) };
    if (
      this.#takeInHand(lane, getsOut, now) ||
      (this.#instant?.lendsAtOnce === true &&
        this.#lendNow(this.#instant, now) &&
        this.#takeInHand(lane, getsOut, now)) ||
      this.#takeOwn(lane, now)
    ) {
      this.#sent.add(now);
      return admitted;
    }
    this.#renewSoon();
    return {
      admitted: false,
      retryAfterMs: afterFailureMs,
      nobodyLends: this.#lending.hasStopped && now >= this.#inHand.validUntil ? true : undefined,
    };
  }

  throttled(retryAfterMs: number | undefined): void {
    this.#heldUntil = Math.max(
      this.#heldUntil,
      this.#clock.monotonic() + holdMs(retryAfterMs, this.#limit.windowMs),
    );
    try {
      this.#source.throttled(retryAfterMs);
    } catch (error) {
      this.#lending.fault('it was not told of a 429', error);
    }
  }

  keepForExits(requests: number): void {
    this.#ownShare.atLeast(requests);
  }

  onLow(listener: (report: BudgetReport) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Settles, if the source takes it in time. Never rejects, and takes three seconds at the most. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await answerWithin(() => this.#renewing ?? Promise.resolve(), lastAnswerMs, this.#clock);
    this.#inHand.end();
    const settlement = this.#inHand.settlement(this.#target, this.#clock.monotonic());
    const settled = await answerWithin(
      async () => this.#source.exchange(settlement, { general: 0, reserve: 0 }),
      lastAnswerMs,
      this.#clock,
    );
    if (settled.is !== 'done')
      this.#lending.fault(
        'what was spent last could not be settled',
        settled.is === 'failed' ? settled.error : undefined,
      );
    // safeguard: closing waits for no source
    const closed = await answerWithin(async () => this.#source.close(), lastAnswerMs, this.#clock);
    if (closed.is !== 'done')
      this.#lending.fault('it did not close', closed.is === 'failed' ? closed.error : undefined);
  }

  #takeInHand(lane: Lane, getsOut: boolean, now: number): boolean {
    const used = this.#used(now);
    if (used >= this.#ceilings[lane] || !this.#inHand.take(getsOut, now)) return false;
    // Close to their line, reads of several processes must know of each other.
    const isNear = lane === 'read' && this.#ceilings.read - used <= this.#target.general;
    if (isNear || this.#inHand.isBelowHalf(this.#target)) this.#renewSoon();
    return true;
  }

  /** True when more was lent. */
  #lendNow(source: InstantSource, now: number): boolean {
    const settlement = this.#inHand.settlement(this.#target, now);
    const wanted = this.#inHand.wanted(this.#target);
    const { lease } = checkedLease(source.exchangeNow(settlement, wanted), wanted, this.#limit);
    if (lease) this.#take(lease, now);
    else this.#inHand.restore(settlement, now);
    return (lease?.general ?? 0) + (lease?.reserve ?? 0) > 0;
  }

  #takeOwn(lane: Lane, now: number): boolean {
    // safeguard: the share of its own
    if (!this.#ownShare.take(lane, now)) return false;
    this.#inHand.spentOwn(now);
    return true;
  }

  /** Never in the tick of the request. What is in hand is spent on meanwhile. */
  #renewSoon(): void {
    // Who leaves so many questions open is asked by the timer alone.
    if (this.#unanswered < mostUnanswered) this.#renewNext();
  }

  #renewNext(): void {
    if (!this.#renewing && !this.#closed)
      this.#renewing = Promise.resolve().then(() => this.#renew());
  }

  async #renew(): Promise<void> {
    this.#timer?.cancel();
    const problem = await this.#exchange();
    if (problem) this.#lending.failed(problem.because, problem.error);
    this.#renewing = undefined;
    if (!this.#closed) this.#timer = this.#clock.setTimer(this.#pauseMs(), () => this.#renewNext());
  }

  /** Undefined when it lent. */
  async #exchange(): Promise<{ readonly because: string; readonly error?: unknown } | undefined> {
    const askedAt = this.#clock.monotonic();
    const settlement = this.#inHand.settlement(this.#target, askedAt);
    const wanted = this.#inHand.wanted(this.#target);
    let isLate = false;
    this.#unanswered += 1;
    const asked = async (): Promise<unknown> => {
      try {
        const given: unknown = await this.#source.exchange(settlement, wanted);
        const late = isLate ? checkedLease(given, wanted, this.#limit).lease : undefined;
        if (late) this.#inHand.lentTooLate(late);
        return given;
      } finally {
        this.#unanswered -= 1;
      }
    };
    // safeguard: a source that never answers is not waited for
    const answer = await answerWithin(asked, answerMs, this.#clock);
    isLate = true;
    const { lease, faults } =
      answer.is === 'done'
        ? checkedLease(answer.value, wanted, this.#limit)
        : { lease: undefined, faults: [] };
    if (lease) {
      if (faults.length > 0)
        this.#lending.fault(`its lease was corrected: ${faults.join('; ')}`, undefined);
      this.#take(lease, askedAt);
      return undefined;
    }
    this.#inHand.restore(settlement, this.#clock.monotonic());
    if (answer.is === 'failed') return { because: 'it refused to lend', error: answer.error };
    return {
      because:
        answer.is === 'done'
          ? `its lease is not valid: ${faults.join('; ')}`
          : `it did not answer within ${answerMs} ms`,
    };
  }

  #take(lease: CheckedLease, askedAt: number): void {
    this.#lease = lease;
    this.#inHand.lent(lease, askedAt);
    if (lease.heldForMs > 0) this.#heldUntil = Math.max(this.#heldUntil, askedAt + lease.heldForMs);
    if (lease.processes !== undefined) this.#ownShare.dividedBy(lease.processes);
    this.#target = partInHand(this.#limit, lease.processes, this.#instant?.lendsAtOnce === true);
    this.#lending.lent(lease.keptBy);
    const isLow = this.#inHand.at(askedAt).general < this.#target.general / 5;
    if (isLow && !this.#isLow) for (const listener of this.#listeners) listener(this.report());
    this.#isLow = isLow;
  }

  /** Milliseconds after which to ask again. */
  #pauseMs(): number {
    if (this.#unanswered >= mostUnanswered) return afterSilenceMs;
    if (this.#lending.hasStopped)
      return this.#lending.failures < manyFailures ? afterFailureMs : afterManyFailuresMs;
    const half = Math.max(shortestPauseMs, (this.#inHand.validUntil - this.#clock.monotonic()) / 2);
    // What came out small is asked for again soon: others give back what they do not use.
    return this.#inHand.wanted(this.#target).general > 0 ? Math.min(afterFailureMs, half) : half;
  }

  /** Requests in the window, of all processes where that is told. */
  #used(now: number): number {
    const own = this.#sent.count(now);
    const told = this.#lease?.used;
    return told === undefined
      ? own
      : Math.max(own, Math.min(this.#limit.requests, told + this.#inHand.unsettled));
  }

  #left(now: number, isHeld: boolean): BudgetLeft {
    if (now < this.#inHand.validUntil) return leftBelow(this.#ceilings, this.#used(now), isHeld);
    return { entries: 0, reads: 0, lookups: 0, ...this.#ownShare.left };
  }
}
