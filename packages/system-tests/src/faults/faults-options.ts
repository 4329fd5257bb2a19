import { parseArgs } from 'node:util';

/** What `npm run faults` takes. */
export interface FaultsOptions {
  readonly orders: number;
  readonly seed: number;
  readonly seeds: number;
  readonly kills: number;
  readonly bots: number;
  readonly scale: number;
  readonly json: boolean;
  readonly scoreboard: boolean;
  readonly help: boolean;
  /** Keeps claims, journals and the venue's record there. */
  readonly keep: string | undefined;
}

export const usage = `npm run faults -- [options]
  --orders N      orders of each seed (2000)
  --seed S        the seed of the first run (1)
  --seeds N       runs, with seeds S, S+1 … (1)
  --kills N       kill -9 of each run (one for every 200 orders, at least 20)
  --bots N        bots at once (8)
  --scale X       times as a part of the defaults (0.1: an order is looked for 1.5 s, not 15)
  --scoreboard    the same faults against other ways to place orders
  --keep FOLDER   keeps claims, journals and the venue's record (venue.json) of each leg
  --json          one JSON object a seed on standard output
  --help          this`;

/** Throws a TypeError that names the option. */
export function faultsOptions(args: readonly string[]): FaultsOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      orders: { type: 'string' },
      seed: { type: 'string' },
      seeds: { type: 'string' },
      kills: { type: 'string' },
      bots: { type: 'string' },
      scale: { type: 'string' },
      keep: { type: 'string' },
      json: { type: 'boolean' },
      scoreboard: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const whole = (
    name: 'orders' | 'seed' | 'seeds' | 'kills' | 'bots',
    preset: number,
    least: number,
  ): number => {
    const text = values[name];
    if (text === undefined) return preset;
    const number = Number(text);
    if (!Number.isSafeInteger(number) || number < least)
      throw new TypeError(`--${name} is "${text}", must be a whole number of at least ${least}`);
    return number;
  };
  const orders = whole('orders', 2_000, 60);
  const scale = Number(values.scale ?? '0.1');
  if (!(scale > 0 && scale <= 1))
    throw new TypeError(`--scale is "${values.scale}", must be above 0 and at most 1`);
  return {
    orders,
    seed: whole('seed', 1, 0),
    seeds: whole('seeds', 1, 1),
    kills: whole('kills', Math.max(20, Math.ceil(orders / 200)), 0),
    bots: whole('bots', 8, 4),
    scale,
    keep: values.keep,
    json: values.json ?? false,
    scoreboard: values.scoreboard ?? false,
    help: values.help ?? false,
  };
}
