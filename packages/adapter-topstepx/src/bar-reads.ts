import type { Bar, BarsRequest, Clock, Contract } from '@hotpath/core';
import { ReadError } from '@hotpath/core';
import * as z from 'zod';
import { reads } from './endpoints.ts';
import { pause } from './pause.ts';
import type { Ask } from './read-client.ts';
import type { RequestPacer } from './request-pacer.ts';
import { barRow } from './rows.ts';

const bars = z.object({ bars: z.array(barRow) });
/** Most bars of one request (ProjectX documentation). */
const mostBars = 20_000;
const barsTimeoutMs = 30_000;
/** How long a page of bars waits for a rate limit that others have spent, two of its windows, and how often it asks. */
const patienceMs = 60_000;
const budgetPauseMs = 2000;
/** AggregateBarUnit (ProjectX documentation, 2026). */
const units = { second: 1, minute: 2, hour: 3, day: 4, week: 5, month: 6 } as const;

/** Reads bars over any span: the gateway gives the newest of a window first and cuts at 20,000, so pages go backwards. Bars that are still forming are left out. */
export class BarReads {
  readonly #ask: Ask;
  readonly #pacer: RequestPacer;
  readonly #clock: Clock;
  readonly #signal: () => AbortSignal;

  /** `signal`: aborted when the adapter is closed; then nothing waits any more. */
  constructor(ask: Ask, pacer: RequestPacer, clock: Clock, signal: () => AbortSignal) {
    this.#ask = ask;
    this.#pacer = pacer;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Those that begin from `from` and before `to`, oldest first. */
  async bars({
    contract,
    from,
    to = this.#clock.now(),
    unit,
    unitCount = 1,
  }: BarsRequest & { readonly contract: Contract }): Promise<readonly Bar[]> {
    const found = new Map<number, Bar>();
    for (let end = to; end >= from;) {
      const body = {
        contractId: contract.id,
        live: false,
        startTime: new Date(from).toISOString(),
        endTime: new Date(end).toISOString(),
        unit: units[unit],
        unitNumber: unitCount,
        limit: mostBars,
        includePartialBar: false,
      };
      const page = await this.#page(body);
      for (const bar of page) if (bar.at >= from && bar.at < to) found.set(bar.at, bar);
      if (page.length < mostBars) break;
      const oldest = page.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
      // A window that does not end where it was told to would be asked for without end.
      if (!(oldest - 1 < end))
        throw new ReadError(
          'UNREADABLE',
          `${reads.bars.path}: the bars do not lie in the span that was asked for.`,
        );
      end = oldest - 1;
    }
    return [...found.values()].toSorted((a, b) => a.at - b.at);
  }

  /** Nobody's order waits for bars, so they wait for the rate limit: other processes of the login spend it, too. */
  async #page(body: object): Promise<readonly Bar[]> {
    const signal = this.#signal();
    for (const until = this.#clock.monotonic() + patienceMs; ;) {
      await this.#pacer.admit(this.#clock, signal);
      try {
        return (
          await this.#ask(reads.bars, body, bars, { bucket: 'bars', timeoutMs: barsTimeoutMs })
        ).bars;
      } catch (error) {
        if (
          !ReadError.is(error) ||
          error.code !== 'BUDGET_EXHAUSTED' ||
          signal.aborted ||
          this.#clock.monotonic() >= until
        )
          throw error;
      }
      await pause(budgetPauseMs, this.#clock, signal);
    }
  }
}
