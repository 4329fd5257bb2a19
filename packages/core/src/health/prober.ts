import type { Clock, Timer } from '../clock.ts';
import { setLongTimer } from '../set-long-timer.ts';
import type { ExecutorHealth } from './executor-health.ts';

/** What came of trying an executor with a read. `not-tried`: there was no read to send or no budget for it. */
export type ProbeResult = 'answered' | 'failed' | 'not-tried';

/** Milliseconds between two probes that are answered, and until the next look when none could be sent. */
const betweenProbesMs = 500;

/** Tries one tripped executor with reads, never with orders, until its breakers close again. */
export class Prober {
  readonly #health: ExecutorHealth;
  readonly #clock: Clock;
  readonly #probe: () => Promise<ProbeResult>;
  #timer: Timer | undefined;
  #running = false;
  #closed = false;

  constructor(health: ExecutorHealth, clock: Clock, probe: () => Promise<ProbeResult>) {
    this.#health = health;
    this.#clock = clock;
    this.#probe = probe;
  }

  /** Something tripped: sees to it that a probe comes. */
  wake(): void {
    const { probeAt } = this.#health;
    if (probeAt === undefined || this.#running || this.#closed) return;
    this.#timer?.cancel();
    this.#timer = setLongTimer(
      this.#clock,
      Math.max(0, probeAt - this.#clock.now()),
      () => void this.#run(),
    );
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #run(): Promise<void> {
    if (this.#running || this.#closed) return;
    this.#running = true;
    const operations = this.#health.probing();
    const result =
      operations.length === 0
        ? 'not-tried'
        : await this.#probe().catch((): ProbeResult => 'failed');
    this.#running = false;
    if (this.#closed) return;
    if (result !== 'not-tried') this.#health.probed(operations, result === 'answered');
    const { probeAt } = this.#health;
    if (probeAt === undefined) return;
    const waitMs = Math.max(betweenProbesMs, probeAt - this.#clock.now());
    this.#timer = setLongTimer(this.#clock, waitMs, () => void this.#run());
  }
}
