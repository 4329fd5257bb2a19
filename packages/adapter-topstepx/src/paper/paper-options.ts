import * as z from 'zod';

/** The account on paper, and how its orders fill. */
export interface PaperOptions {
  /** Money at the start. Default 50,000. */
  readonly balance?: number | undefined;
  /** Whether the account takes brackets: `auto-oco` does, `position` (the default, as on a new account of the venue) refuses them. */
  readonly bracketMode?: 'position' | 'auto-oco' | undefined;
  /** A file, by its path from the working folder, in which orders, positions and money outlive the process. Without it each start begins anew, and a journal of before then finds none of its orders. Default: none. */
  readonly stateFile?: string | undefined;
  /** Trading hours: `topstep` (the default) refuses orders from 15:10 to 17:00 in Chicago and at weekends, and closes what is held from 15:08; `always` leaves both to the quotes. */
  readonly session?: 'topstep' | 'always' | undefined;
  /** Contracts whose quotes are followed from the start, by root, name or id: the broker is there once they have come, so that a first order fills at once. Others are followed from their first order or subscription on. Default: none. */
  readonly symbols?: readonly string[] | undefined;
  /** How old a quote may be for an order to fill on it, in milliseconds. Default 10,000. */
  readonly quoteMaxAgeMs?: number | undefined;
  /** How long a market order without such a quote waits for the next one before it is refused, in milliseconds. Default 10,000. */
  readonly quoteWaitMs?: number | undefined;
}

export interface CheckedPaperOptions {
  readonly balance: number;
  readonly bracketMode: 'position' | 'auto-oco';
  readonly stateFile: string | undefined;
  readonly session: 'topstep' | 'always';
  readonly symbols: readonly string[];
  readonly quoteMaxAgeMs: number;
  readonly quoteWaitMs: number;
}

export const paperOptionsSchema: z.ZodType<CheckedPaperOptions, PaperOptions | undefined> = z
  .strictObject({
    balance: z.number().min(0).default(50_000),
    bracketMode: z.enum(['position', 'auto-oco']).default('position'),
    stateFile: z
      .string()
      .min(1)
      .optional()
      .transform((value) => value),
    session: z.enum(['topstep', 'always']).default('topstep'),
    symbols: z.array(z.string().min(1)).default([]),
    quoteMaxAgeMs: z.int().min(1).default(10_000),
    quoteWaitMs: z.int().min(0).default(10_000),
  })
  .prefault({});
