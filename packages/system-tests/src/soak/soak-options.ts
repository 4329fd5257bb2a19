import { parseArgs } from 'node:util';

/** What `npm run soak` takes. */
export interface SoakOptions {
  readonly seed: number;
  readonly days: number;
  readonly json: boolean;
  readonly help: boolean;
}

export const usage = `npm run soak -- [options]
  --seed S        what goes wrong, and when (1)
  --days N        simulated days (7)
  --json          one JSON object on standard output
  --help          this`;

/** Throws a TypeError that names the option. */
export function soakOptions(args: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      days: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const whole = (name: 'seed' | 'days', preset: number, least: number): number => {
    const text = values[name];
    if (text === undefined) return preset;
    const number = Number(text);
    if (!Number.isSafeInteger(number) || number < least)
      throw new TypeError(`--${name} is "${text}", must be a whole number of at least ${least}`);
    return number;
  };
  return {
    seed: whole('seed', 1, 0),
    days: whole('days', 7, 1),
    json: values.json ?? false,
    help: values.help ?? false,
  };
}
