import type { Clock, Contract, Lane, Logger, Random, Timer } from '@hotpath/core';
import type { ContractCache, Roll } from './contract-cache.ts';
import { backoffMs } from './hubs/backoff.ts';
import { tradingDay } from './trading-day.ts';

export interface ContractWatchParts {
  readonly cache: ContractCache;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** The months the venue trades. `lane`: of what waits for them; default `read`. */
  read(lane?: Lane): Promise<readonly Contract[]>;
  rolled(roll: Roll): void;
}

const checkEveryMs = 60_000;
/** Into this much of a new session the list is read at a time of chance, so that not every bot asks at once. */
const spreadMs = 30_000;
/** A refused order makes the list be read again, at most so often. */
const againAfterMs = 5_000;
const longestRetryMs = 60_000;

/** Keeps the front months: reads the venue's list again when a session opens, and when an order shows that it is old. */
export class ContractWatch {
  readonly #parts: ContractWatchParts;
  #day: number;
  #timer: Timer | undefined;
  #reading: Promise<void> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  /** Roots for whose month the venue refused an order, until the list has been read again. */
  readonly #doubted = new Set<string>();
  #failures = 0;
  #stopped = false;

  constructor(parts: ContractWatchParts) {
    this.#parts = parts;
    this.#day = tradingDay(parts.clock.now());
    this.#wait(checkEveryMs);
  }

  /** The venue said that a contract is not active, or not known; undefined: which one is not known. */
  doubt(contract: Contract | undefined): void {
    // A month that no root stands for any more says nothing about the list.
    if (contract && this.#parts.cache.front(contract.root)?.id !== contract.id) return;
    const waitMs = this.#readAt + againAfterMs - this.#parts.clock.monotonic();
    // The list was read a moment ago and still names this month: no order waits for it to say so again.
    if (waitMs > 0 && !this.#reading) return this.#wait(waitMs, () => void this.#read());
    // safeguard: a month that was refused is doubted until the list has been read
    if (contract) this.#doubted.add(contract.root);
    void this.#read('place');
  }

  /** Whether the month that a root stands for was refused, and the list not read since. */
  isDoubted(root: string): boolean {
    return this.#doubted.size > 0 && this.#doubted.has(root);
  }

  /** Resolves when the list has been read again, or could not be. */
  async settle(lane: Lane | undefined): Promise<void> {
    await this.#read(lane);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** Looks at the wall clock often and not at its end once: it may be set. */
  #check(): void {
    const day = tradingDay(this.#parts.clock.now());
    if (day === this.#day) return this.#wait(checkEveryMs);
    this.#day = day;
    this.#wait(this.#parts.random() * spreadMs, () => void this.#read());
  }

  #read(lane?: Lane): Promise<void> {
    this.#reading ??= this.#readNow(lane).finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readNow(lane: Lane | undefined): Promise<void> {
    const { cache, clock, random, log } = this.#parts;
    this.#readAt = clock.monotonic();
    try {
      const rolls = cache.bind(await this.#parts.read(lane));
      this.#failures = 0;
      this.#doubted.clear();
      for (const roll of rolls) {
        // Core tells it as well, in a line of its own.
        log.debug({ from: roll.from.id, to: roll.to.id }, 'a contract has rolled');
        if (!this.#stopped) this.#parts.rolled(roll);
      }
      this.#wait(checkEveryMs);
    } catch (error) {
      this.#failures += 1;
      log.warn({ error, failures: this.#failures }, 'the contracts could not be read again');
      this.#wait(backoffMs(this.#failures, random, longestRetryMs), () => void this.#read());
    }
  }

  #wait(milliseconds: number, then: () => void = () => this.#check()): void {
    this.#timer?.cancel();
    if (!this.#stopped) this.#timer = this.#parts.clock.setTimer(milliseconds, then);
  }
}
