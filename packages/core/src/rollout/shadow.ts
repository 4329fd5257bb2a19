import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { PreparedRequest } from '../request.ts';
import type { ExecutorRoster } from '../router/executor-roster.ts';
import type { LiveRouting } from '../routing/live-routing.ts';
import type { Percentiles } from '../statistics/latency-histogram.ts';
import { LatencyHistogram } from '../statistics/latency-histogram.ts';
import type { HardEvidence } from './hard-evidence.ts';
import { wireDifference } from './wire-difference.ts';

/** What shadowing has found of one executor. */
export interface ShadowReport {
  /** Requests that it encoded beside another executor. */
  readonly compared: number;
  readonly differences: number;
  /** Times it could not encode what the other delivered. */
  readonly failures: number;
  /** Its time to encode a request; undefined before the first. */
  readonly encode: Percentiles | undefined;
}

export interface ShadowParts<Key extends string> {
  readonly roster: ExecutorRoster<Key>;
  readonly routing: LiveRouting<Key>;
  readonly clock: Clock;
  readonly log: Logger;
  holdAgainst(executor: Key, evidence: HardEvidence): void;
}

/** Requests that may wait to be compared; beyond it they go uncompared. */
const mostWaiting = 1_000;

class ShadowTally {
  compared = 0;
  differences = 0;
  failures = 0;
  readonly encode = new LatencyHistogram('compute');
}

/** While the table says `shadow`, has every other executor encode what one has sent, after it left and never instead of it, and compares. */
export class Shadow<Key extends string> {
  readonly #parts: ShadowParts<Key>;
  readonly #waiting: { readonly executor: Key; readonly request: PreparedRequest }[] = [];
  readonly #tallies = new Map<Key, ShadowTally>();
  readonly #silent = new Set<Key>();
  #running = false;

  constructor(parts: ShadowParts<Key>) {
    this.#parts = parts;
  }

  /** A request has been handed over. Only notes it: the tick belongs to the bot. */
  sent(executor: Key, request: PreparedRequest): void {
    if (this.#parts.routing.current.config.shadow !== true || this.#waiting.length >= mostWaiting)
      return;
    this.#waiting.push({ executor, request });
    if (this.#running) return;
    this.#running = true;
    this.#parts.clock.setTimer(0, () => void this.#compareAll());
  }

  /** Only executors that have encoded something. */
  report(): Partial<Record<Key, ShadowReport>> {
    const report: Partial<Record<Key, ShadowReport>> = {};
    for (const [key, { compared, differences, failures, encode }] of this.#tallies)
      report[key] = { compared, differences, failures, encode: encode.percentiles };
    return report;
  }

  async #compareAll(): Promise<void> {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { executor, request } = next;
      try {
        await this.#compare(executor, request);
      } catch (error) {
        this.#parts.log.error({ executor, error }, 'a request could not be compared in shadow');
      }
    }
    this.#running = false;
  }

  async #compare(executor: Key, request: PreparedRequest): Promise<void> {
    const { routing } = this.#parts;
    const { order, off } = routing.current;
    const own = await this.#bytes(executor, request);
    if (!own) return;
    for (const other of order) {
      if (other === executor || off.has(other)) continue;
      const bytes = await this.#bytes(other, request);
      const tally = this.#tallies.get(other);
      if (!bytes || !tally) continue;
      tally.compared += 1;
      const difference = wireDifference(own, bytes);
      if (difference === undefined) continue;
      tally.differences += 1;
      // Which of the two is wrong can't be known; the last in order is the one that others are measured by.
      const suspect = order.indexOf(executor) < order.indexOf(other) ? executor : other;
      this.#parts.holdAgainst(suspect, {
        of: 'shadow-difference',
        operation: request.template.operation,
        difference,
      });
    }
  }

  async #bytes(key: Key, request: PreparedRequest): Promise<Uint8Array | undefined> {
    const { roster, clock, log } = this.#parts;
    const executor = roster.find(key)?.executor;
    if (!executor?.encode) {
      if (!this.#silent.has(key))
        log.warn(
          { executor: key },
          'this executor can not be compared in shadow: it does not tell the bytes it would write',
        );
      this.#silent.add(key);
      return undefined;
    }
    const tally = this.#tallies.get(key) ?? new ShadowTally();
    this.#tallies.set(key, tally);
    try {
      const from = clock.monotonic();
      const bytes = await executor.encode(request);
      tally.encode.record(clock.monotonic() - from);
      return bytes;
    } catch (error) {
      tally.failures += 1;
      log.error(
        { executor: key, error },
        'an executor could not encode in shadow what another delivers',
      );
      return undefined;
    }
  }
}
