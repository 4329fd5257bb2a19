import type { Broker, PlaceOutcome } from '@hotpath/core';
import type { VenueLedger } from './venue-ledger.ts';

type Told = PlaceOutcome<'fast' | 'fallback'>;

/** The last that a bot was told of an intent; `called` when it was killed before. */
type Claim = 'called' | 'accepted' | 'rejected' | 'not-sent' | 'unknown' | 'unknown for good';

/** What does not hold between what a bot was told and what the venue has. */
export interface ClaimFaults {
  /** Told `accepted`, and the venue has no such order. */
  readonly lost: string[];
  /** Told `rejected` or `not-sent`, and the order lived. */
  readonly falseFailures: string[];
  /** Nothing was told in the end. */
  readonly unsettled: string[];
}

const rejected = 5;

/** Every intent of one account's bot. A bot keeps it over its own deaths, as a strategy's author would in a file. */
export class OrderLedger {
  readonly accountId: number;
  readonly #claims = new Map<string, Claim>();
  readonly outcomes: Map<string, number> = new Map();
  readonly executors: Map<string, number> = new Map();

  constructor(accountId: number) {
    this.accountId = accountId;
  }

  get count(): number {
    return this.#claims.size;
  }

  called(tag: string): void {
    this.#claims.set(tag.toLowerCase(), 'called');
  }

  has(tag: string): boolean {
    return this.#claims.has(tag.toLowerCase());
  }

  told(tag: string, outcome: Told): void {
    const claim = this.#claims.get(tag.toLowerCase());
    if (claim === undefined || claim === 'accepted' || claim === 'rejected' || claim === 'not-sent') return;
    if (claim === 'called') {
      this.outcomes.set(outcome.kind, (this.outcomes.get(outcome.kind) ?? 0) + 1);
      if (outcome.executor !== undefined) this.executors.set(outcome.executor, (this.executors.get(outcome.executor) ?? 0) + 1);
    }
    const isForGood = outcome.kind === 'unknown' && outcome.final && outcome.code !== 'CLOSED';
    this.#claims.set(tag.toLowerCase(), isForGood ? 'unknown for good' : outcome.kind);
  }

  /** What a bot does after each start: it asks its broker about every order of which it was not told the end. */
  askAgain(broker: Broker<'fast' | 'fallback'>): void {
    for (const [tag, claim] of this.#claims) {
      if (claim !== 'called' && claim !== 'unknown') continue;
      const outcome = broker.getIntent(tag)?.outcome;
      if (!outcome) continue;
      this.told(tag, outcome);
      if (outcome.kind === 'unknown' && !outcome.final) void outcome.resolved.then((end) => this.told(tag, end));
    }
  }

  faults(venue: VenueLedger): ClaimFaults {
    const faults: ClaimFaults = { lost: [], falseFailures: [], unsettled: [] };
    for (const [tag, claim] of this.#claims) {
      const status = venue.statusOf(this.accountId, tag);
      // Killed before its first journal line: provably nothing left.
      if (claim === 'called' && status !== undefined) faults.unsettled.push(tag);
      else if (claim === 'unknown') faults.unsettled.push(tag);
      else if (claim === 'accepted' && status === undefined) faults.lost.push(tag);
      else if ((claim === 'rejected' || claim === 'not-sent') && status !== undefined && status !== rejected) faults.falseFailures.push(tag);
    }
    return faults;
  }
}
