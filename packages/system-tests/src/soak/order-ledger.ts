import type { Broker, PlaceOutcome } from '@hotpath/core';
import type { Claim, ToldLine } from './told-lines.ts';
import { appendTold, claimOf, readTold } from './told-lines.ts';
import type { VenueLedger } from './venue-ledger.ts';

type Told = PlaceOutcome<'fast' | 'fallback'>;

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
const settled: ReadonlySet<Claim | undefined> = new Set<Claim>([
  'accepted',
  'rejected',
  'not-sent',
]);

/** Every intent of one account's bot, kept in a file over the bot's own deaths. */
export class OrderLedger {
  readonly accountId: number;
  readonly outcomes: Map<string, number> = new Map();
  readonly executors: Map<string, number> = new Map();
  readonly #path: string;
  readonly #claims = new Map<string, Claim>();

  constructor(accountId: number, path: string) {
    this.accountId = accountId;
    this.#path = path;
    for (const line of readTold(path)) this.#take(line);
  }

  get count(): number {
    return this.#claims.size;
  }

  called(tag: string): void {
    this.#write({ tag: tag.toLowerCase(), claim: 'called' });
  }

  has(tag: string): boolean {
    return this.#claims.has(tag.toLowerCase());
  }

  told(tag: string, outcome: Told): void {
    const claim = this.#claims.get(tag.toLowerCase());
    if (claim === undefined || settled.has(claim)) return;
    this.#write({
      tag: tag.toLowerCase(),
      claim: claimOf(outcome),
      ...(claim === 'called' && { first: { kind: outcome.kind, executor: outcome.executor } }),
    });
  }

  /** What a bot does after each start: it asks its broker about every order of which it was not told the end. */
  askAgain(broker: Broker<'fast' | 'fallback'>): void {
    for (const [tag, claim] of this.#claims) {
      if (claim !== 'called' && claim !== 'unknown') continue;
      const outcome = broker.getIntent(tag)?.outcome;
      if (!outcome) continue;
      this.told(tag, outcome);
      if (outcome.kind === 'unknown' && !outcome.final)
        void outcome.resolved.then((end) => this.told(tag, end));
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
      else if (
        (claim === 'rejected' || claim === 'not-sent') &&
        status !== undefined &&
        status !== rejected
      )
        faults.falseFailures.push(tag);
    }
    return faults;
  }

  #write(line: ToldLine): void {
    appendTold(this.#path, line);
    this.#take(line);
  }

  #take({ tag, claim, first }: ToldLine): void {
    this.#claims.set(tag, claim);
    if (!first) return;
    this.outcomes.set(first.kind, (this.outcomes.get(first.kind) ?? 0) + 1);
    if (first.executor !== undefined)
      this.executors.set(first.executor, (this.executors.get(first.executor) ?? 0) + 1);
  }
}
