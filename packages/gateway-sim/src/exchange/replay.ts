import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import type { SimulatedContract } from '../instruments/contracts.ts';
import { ticksOfPrice } from '../tick.ts';
import type { PriceSource, Quote } from './price-source.ts';

/** Recorded prices as CSV text with a heading line. */
export interface Replay {
  /** `bars` has the columns open, high, low, close and may have volume; `ticks` has price, or bid and ask and last, and may have size. Other columns are ignored, names are without case. */
  readonly kind: 'bars' | 'ticks';
  readonly csv: string;
}

const price = z.coerce.number().positive();
const count = z.coerce.number().int().min(0).default(1);
const barRow = z.object({ open: price, high: price, low: price, close: price, volume: count });
const tickRow = z.union([
  z.object({ bid: price, ask: price, last: price, size: count }),
  z
    .object({ price, size: count })
    .transform((row) => ({ bid: row.price, ask: undefined, last: row.price, size: row.size })),
]);

interface Step extends Quote {
  readonly volume: number;
}

/** Plays a recording, one step at a time. */
export class ReplayedPrices implements PriceSource {
  readonly #steps: readonly Step[];
  #index = 0;

  private constructor(steps: readonly Step[]) {
    this.#steps = steps;
  }

  /** Throws for a text that is not such a CSV, naming the line and what is wrong with it. */
  static read({ kind, csv }: Replay, contract: SimulatedContract): ReplayedPrices {
    const records: unknown = parse(csv, {
      columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
      skip_empty_lines: true,
      trim: true,
    });
    const rows = z.array(z.record(z.string(), z.string())).parse(records);
    const steps = rows.flatMap((row, index) => stepsOf(kind, row, contract, index + 2));
    if (steps.length === 0)
      throw new RangeError(
        `replay of ${contract.name} has no rows; it needs a heading line and at least one row`,
      );
    return new ReplayedPrices(steps);
  }

  get quote(): Quote {
    const { bid, ask, last } = this.#current;
    return { bid, ask, last };
  }

  get volume(): number {
    return this.#current.volume;
  }

  get #current(): Step {
    return this.#steps[this.#index] ?? { bid: 1, ask: 2, last: 1, volume: 0 };
  }

  step(): void {
    if (this.#index < this.#steps.length - 1) this.#index += 1;
  }
}

function stepsOf(
  kind: Replay['kind'],
  row: Record<string, string>,
  contract: SimulatedContract,
  line: number,
): Step[] {
  const where = `replay of ${contract.name}, line ${line}`;
  const inTicks = (value: number): number => {
    const ticks = ticksOfPrice(value, contract.tick);
    if (ticks === undefined)
      throw new RangeError(
        `${where}: ${value} is not a multiple of the tick size ${contract.tickSize}`,
      );
    return ticks;
  };
  if (kind === 'bars') {
    const bar = barRow.safeParse(row);
    if (!bar.success) throw new RangeError(`${where}: ${z.prettifyError(bar.error)}`);
    const { open, high, low, close, volume } = bar.data;
    // A bar that rose is taken to have been low first.
    const path = close >= open ? [open, low, high, close] : [open, high, low, close];
    return path
      .map(inTicks)
      .map((last) => ({ bid: last, ask: last + 1, last, volume: Math.ceil(volume / path.length) }));
  }
  const tick = tickRow.safeParse(row);
  if (!tick.success)
    throw new RangeError(`${where}: needs a price, or bid, ask and last, as numbers above 0`);
  const bid = inTicks(tick.data.bid);
  return [
    {
      bid,
      ask: tick.data.ask === undefined ? bid + 1 : inTicks(tick.data.ask),
      last: inTicks(tick.data.last),
      volume: tick.data.size,
    },
  ];
}
