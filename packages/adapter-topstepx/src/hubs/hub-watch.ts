import type { Clock, Timer } from '@hotpath/core';
import type { HubTimings } from './hub-timings.ts';

export interface HubWatchParts {
  readonly clock: Clock;
  readonly timings: HubTimings;
  /** Asks the hub something that changes nothing. */
  probe(): void;
  dead(because: string): void;
}

const checkEveryMs = 5_000;
/** Turns of the event loop that must pass after a question before silence counts: a process that was busy or asleep has not read its sockets yet. */
const turnsToHear = 50;
/** A check that comes later than this was held up by a loop that stood still. */
const heldUpMs = 50;

/** Tells a connection that is quiet from one that is dead. */
export class HubWatch {
  readonly #parts: HubWatchParts;
  #timer: Timer | undefined;
  #heardAt: number;
  #heardWall: number;
  #askedAt: number | undefined;
  #turns = 0;
  #eventAt: number;
  #patienceMs: number;

  constructor(parts: HubWatchParts, patienceMs: number) {
    this.#parts = parts;
    this.#patienceMs = patienceMs;
    this.#heardAt = this.#eventAt = parts.clock.monotonic();
    this.#heardWall = parts.clock.now();
    this.#arm();
  }

  /** Wall milliseconds of the last sign of life. */
  get heardWall(): number {
    return this.#heardWall;
  }

  /** How long this hub may show no event; grows with every time it did. */
  get patienceMs(): number {
    return this.#patienceMs;
  }

  heard(): void {
    this.#heardAt = this.#parts.clock.monotonic();
    this.#heardWall = this.#parts.clock.now();
    this.#askedAt = undefined;
  }

  event(): void {
    this.#eventAt = this.#heardAt;
    this.#patienceMs = this.#parts.timings.quietMs;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(): void {
    const due = this.#parts.clock.monotonic() + checkEveryMs;
    this.#timer = this.#parts.clock.setTimer(checkEveryMs, () => {
      this.#arm();
      // safeguard: a hub is not called dead by a loop that has not read it
      if (this.#parts.clock.monotonic() - due >= heldUpMs) return this.#listenFirst();
      this.#check();
    });
  }

  #check(): void {
    const { clock, timings } = this.#parts;
    // safeguard: hub watchdog
    const now = clock.monotonic();
    if (now - this.#heardAt < timings.probeAfterMs) return this.#checkEvents(now);
    if (this.#askedAt === undefined) {
      this.#askedAt = now;
      this.#turns = 0;
      this.#countTurns(now);
      this.#parts.probe();
    } else if (now - this.#askedAt >= timings.deadAfterMs && this.#turns >= turnsToHear) {
      this.#parts.dead(`nothing was heard for ${Math.round(now - this.#heardAt)} ms`);
    }
  }

  /** The loop stood still: what came meanwhile is heard before anything is judged, by the next check. */
  #listenFirst(): void {
    this.#turns = 0;
    if (this.#askedAt !== undefined) this.#countTurns(this.#askedAt);
  }

  #checkEvents(now: number): void {
    const { timings } = this.#parts;
    if (timings.quietMs === 0 || now - this.#eventAt < this.#patienceMs) return;
    const quietFor = Math.round(now - this.#eventAt);
    this.#patienceMs = Math.min(timings.longestQuietMs, this.#patienceMs * 2);
    this.#parts.dead(`the hub answers, but no event came for ${quietFor} ms`);
  }

  #countTurns(askedAt: number): void {
    if (this.#askedAt !== askedAt || this.#turns >= turnsToHear) return;
    this.#turns += 1;
    setImmediate(() => this.#countTurns(askedAt));
  }
}
