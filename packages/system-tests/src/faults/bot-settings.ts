import type { DiskFault } from './failing-disk.ts';
import type { Times } from './times.ts';

/** What a bot's process is given. */
export interface BotSettings {
  /** `trade` places what is left of the quota, then waits until it is told to settle; `audit` asks for every order after the last restart. */
  readonly mode: 'trade' | 'audit';
  readonly index: number;
  readonly session: number;
  readonly url: string;
  readonly seed: number;
  /** Places it is to make, over all sessions. */
  readonly quota: number;
  readonly journal: string;
  readonly claims: string;
  readonly times: Times;
  readonly rateLimited: boolean;
  /** Whether the fallback changes tags. */
  readonly blind: boolean;
}

/** What a bot's process tells its supervisor. */
export type BotReport =
  | { readonly is: 'placed'; readonly total: number }
  | { readonly is: 'refused-locally' }
  | { readonly is: 'disk-failed'; readonly fault: DiskFault }
  /** Its quota is placed; unknowns may still be open. */
  | { readonly is: 'through' }
  | { readonly is: 'failed'; readonly message: string };
/** What the supervisor tells a bot's process. */
export type BotOrder = { readonly do: 'settle' } | { readonly do: 'step'; readonly byMs: number };

export const accountName = (index: number): string => `FAULTS-${index}`;
export const accountNumber = (index: number): number => 800_001 + index;
/** Of the process that shares a bot's login and trades nothing. */
export const keeperAccountName = (index: number): string => `KEEPS-${index}`;
export const keeperAccountNumber = (index: number): number => 900_001 + index;
