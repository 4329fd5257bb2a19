import type { SimulatedContract } from '../instruments/contracts.ts';
import { seededRandom } from '../seeded-random.ts';
import { exchangeTrades, tradingDay } from '../sessions/session-calendar.ts';

/** One bar, prices in ticks. `startMs` is where it begins. */
export interface Bar {
  readonly startMs: number;
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** What one second traded. */
interface Second {
  readonly at: number;
  readonly open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

const secondMs = 1000;
const dayMs = 86_400_000;
/** Most seconds since the start that are remembered as such; beyond it the older half is kept by the minute. */
const mostSeconds = 7200;
/** To forget one at a time would move the others each time. */
const forgottenAtOnce = 64;

/** What a contract has traded: a made-up past of whole days up to the start, and from there what its prices did. */
export class BarHistory {
  readonly #contract: SimulatedContract;
  readonly #seed: number;
  readonly #startMs: number;
  readonly #pastDays: number;
  readonly #startTicks: number;
  readonly #keep: number;
  #past: Int32Array | undefined;
  #seconds: Second[] = [];
  #minutes: Second[] = [];

  /** `keep`: most seconds with a price that are remembered; 0 for all. */
  constructor(
    contract: SimulatedContract,
    seed: number,
    startMs: number,
    pastDays: number,
    startTicks: number,
    keep: number = 0,
  ) {
    this.#contract = contract;
    this.#seed = seed;
    this.#startMs = Math.floor(startMs / secondMs) * secondMs;
    this.#pastDays = pastDays;
    this.#startTicks = startTicks;
    this.#keep = keep;
  }

  record(at: number, last: number, volume: number): void {
    const second = Math.floor(at / secondMs) * secondMs;
    const open = this.#seconds.at(-1);
    if (open?.at === second) {
      open.high = Math.max(open.high, last);
      open.low = Math.min(open.low, last);
      open.close = last;
      open.volume += volume;
      return;
    }
    this.#seconds.push({ at: second, open: last, high: last, low: last, close: last, volume });
    if (this.#keep > 0) {
      if (this.#seconds.length > this.#keep + forgottenAtOnce)
        this.#seconds.splice(0, forgottenAtOnce);
    } else if (this.#seconds.length > mostSeconds)
      for (const old of this.#seconds.splice(0, mostSeconds / 2)) this.#addToMinutes(old);
  }

  #addToMinutes(old: Second): void {
    const at = Math.floor(old.at / 60_000) * 60_000;
    const minute = this.#minutes.at(-1);
    if (minute?.at !== at) return void this.#minutes.push({ ...old, at });
    minute.high = Math.max(minute.high, old.high);
    minute.low = Math.min(minute.low, old.low);
    minute.close = old.close;
    minute.volume += old.volume;
  }

  /** Bars that begin from `fromMs` up to `toMs`, the newest first, at most `limit`. `barStart` says which bar an instant belongs to. None for times when the exchange does not trade. */
  bars(fromMs: number, toMs: number, limit: number, barStart: (at: number) => number): Bar[] {
    const found: Bar[] = [];
    let bar: Bar | undefined;
    const add = (second: Second): boolean => {
      const startMs = barStart(second.at);
      if (startMs < fromMs) return false;
      if (bar?.startMs !== startMs) {
        if (found.length === limit) return false;
        bar = {
          startMs,
          open: second.open,
          high: second.high,
          low: second.low,
          close: second.close,
          volume: second.volume,
        };
        found.push(bar);
        return true;
      }
      // Seconds come in backwards.
      found[found.length - 1] = bar = {
        ...bar,
        open: second.open,
        high: Math.max(bar.high, second.high),
        low: Math.min(bar.low, second.low),
        volume: bar.volume + second.volume,
      };
      return true;
    };
    for (const spans of [this.#seconds, this.#minutes]) {
      for (let index = spans.length - 1; index >= 0; index -= 1) {
        const span = spans[index];
        if (span && span.at <= toMs && exchangeTrades(span.at) && !add(span)) return found;
      }
    }
    const past = (this.#past ??= this.#makePast());
    for (
      let index = Math.max(0, Math.ceil((this.#startMs - secondMs - toMs) / secondMs));
      index < past.length;
      index += 1
    ) {
      const at = this.#startMs - (index + 1) * secondMs;
      const close = past[index] ?? 0;
      if (!exchangeTrades(at)) continue;
      const open = past[index + 1] ?? close;
      if (
        !add({
          at,
          open,
          high: Math.max(open, close),
          low: Math.min(open, close),
          close,
          volume: 1 + (close & 3),
        })
      )
        return found;
    }
    return found;
  }

  /** Prices by second, backwards from the start: seeded, and drawn to where they end. */
  #makePast(): Int32Array {
    const random = seededRandom(this.#seed, `past ${this.#contract.id}`);
    const prices = new Int32Array(this.#pastDays * (dayMs / secondMs));
    let ticks = this.#startTicks;
    for (let index = 0; index < prices.length; index += 1) {
      prices[index] = ticks;
      const draw = random();
      const far = (ticks - this.#startTicks) / (this.#startTicks * 0.1);
      if (draw < 0.15 - far * 0.05) ticks += 1;
      else if (draw > 0.85 - far * 0.05) ticks = Math.max(1, ticks - 1);
    }
    return prices;
  }
}

/** Which bar an instant belongs to, by the API's units: seconds, minutes and hours by the clock, days by the trading day that begins at 17:00 in Chicago (a guess), weeks from Monday's and months by that day. Undefined for another unit. */
export function barStartOf(unit: number, unitNumber: number): ((at: number) => number) | undefined {
  const plain = [undefined, secondMs, 60_000, 3_600_000][unit];
  if (plain !== undefined)
    return (at) => Math.floor(at / (plain * unitNumber)) * plain * unitNumber;
  if (unit === 4) return (at) => Math.floor(tradingDay(at) / unitNumber) * unitNumber * dayMs;
  // Day 0 was a Thursday, so day 4 a Monday.
  if (unit === 5)
    return (at) => (Math.floor((tradingDay(at) - 4) / 7 / unitNumber) * 7 * unitNumber + 4) * dayMs;
  if (unit !== 6) return undefined;
  return (at) => {
    const day = new Date(tradingDay(at) * dayMs);
    const month =
      Math.floor((day.getUTCFullYear() * 12 + day.getUTCMonth()) / unitNumber) * unitNumber;
    return Date.UTC(Math.floor(month / 12), month % 12, 1);
  };
}

/** When the bar that begins at `startMs` is over. */
export function barEnd(startMs: number, unit: number, unitNumber: number): number {
  if (unit === 6) {
    const start = new Date(startMs);
    return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + unitNumber, 1);
  }
  return startMs + unitNumber * ([0, secondMs, 60_000, 3_600_000, dayMs, 7 * dayMs][unit] ?? 0);
}
