import type { Clock, Contract, Logger, Random, Timer } from '@hotpath/core';
import type { ContractCache, Roll } from './contract-cache.ts';
import { backoffMs } from './hubs/backoff.ts';
import { tradingDay } from './trading-day.ts';

export interface ContractWatchParts {
  readonly cache: ContractCache;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** The months the venue trades. */
  read(): Promise<readonly Contract[]>;
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
  #failures = 0;
  #stopped = false;

  constructor(parts: ContractWatchParts) {
    this.#parts = parts;
    this.#day = tradingDay(parts.clock.now());
    this.#wait(checkEveryMs);
  }

  /** The venue said that a contract is not active, or not known. */
  doubt(): void {
    if (this.#parts.clock.monotonic() - this.#readAt >= againAfterMs) void this.#read();
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

  #read(): Promise<void> {
    this.#reading ??= this.#readNow().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readNow(): Promise<void> {
    const { cache, clock, random, log } = this.#parts;
    this.#readAt = clock.monotonic();
    try {
      const rolls = cache.bind(await this.#parts.read());
      this.#failures = 0;
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
