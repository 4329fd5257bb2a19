import * as z from 'zod';

/** Stop and target kept by the broker itself, for accounts that refuse the venue's brackets. */
export interface OwnOcoOptions {
  /**
   * What becomes of contracts that are held without their stop, beside the event `position.unprotected`.
   * `close`: the legs that are left are cancelled and the contracts sold or bought back. `leave`: they stay as they are, and a refused stop is tried again.
   */
  readonly whenUnprotected: 'close' | 'leave';
  /** Milliseconds a fill may be without a working stop before that is told. A refused or cancelled stop is told at once. Default 5,000; 0 = at once. */
  readonly protectWithinMs?: number | undefined;
}

export const ownOcoSchema: z.ZodType<OwnOcoOptions> = z.strictObject({
  whenUnprotected: z
    .enum(['close', 'leave'])
    .describe('What becomes of contracts that are held without their stop'),
  protectWithinMs: z
    .number()
    .min(0)
    .optional()
    .describe('Milliseconds a fill may be without a working stop; default 5000'),
});

export const defaultProtectWithinMs = 5_000;
