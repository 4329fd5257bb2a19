import * as z from 'zod';

/** Numbers of another process: never negative, never without end. */
const requests = z.number().min(0).max(1_000_000);
const milliseconds = z.number().min(0).max(1e12);
const name = z.string().min(1).max(100);

const holder = z.strictObject({
  general: requests,
  reserve: requests,
  presumed: requests,
  presumedAgoMs: milliseconds,
});

/** The whole account of a login, as its keeper tells it to those who follow: whoever takes over goes on with it. Instants are told as how long ago they were. */
export const accountSchema: z.ZodType<BudgetAccount> = z.strictObject({
  /** Stays the same from keeper to keeper, as long as each knew what the one before did. */
  account: name,
  agesMs: z.array(milliseconds).max(10_000),
  heldForMs: milliseconds,
  holders: z.record(name, holder),
});

export interface BudgetAccount {
  readonly account: string;
  readonly agesMs: readonly number[];
  readonly heldForMs: number;
  readonly holders: Readonly<Record<string, HolderShown>>;
}
/** What one process has been lent; and, of one that fell silent, what counts as spent and since when. */
export interface HolderShown {
  readonly general: number;
  readonly reserve: number;
  readonly presumed: number;
  readonly presumedAgoMs: number;
}

/** What a process asks of the keeper. */
export const questionSchema: z.ZodType<BudgetQuestion> = z.strictObject({
  holder: name,
  inHand: z.strictObject({ account: name.optional(), general: requests, reserve: requests }),
  spentAgesMs: z.array(milliseconds).max(10_000),
  wanted: z.strictObject({ general: requests, reserve: requests }),
});

export interface BudgetQuestion {
  readonly holder: string;
  /** What it has left of what it was lent before, and of which account that was. */
  readonly inHand: {
    readonly account?: string | undefined;
    readonly general: number;
    readonly reserve: number;
  };
  readonly spentAgesMs: readonly number[];
  readonly wanted: { readonly general: number; readonly reserve: number };
}
