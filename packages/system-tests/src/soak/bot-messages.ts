import type { AccountState } from './final-state.ts';

/** What the supervisor gives a process to begin with. */
export interface BotSettings {
  readonly url: string;
  /** Journals, and what the bots were told. */
  readonly folder: string;
  readonly seed: number;
  /** How many processes came before. */
  readonly life: number;
  /** Wall milliseconds. */
  readonly startsAt: number;
}

/** What the supervisor says. Each is answered, but a death. */
export type BotOrder =
  /** Time goes on. */
  | { readonly say: 'pass'; readonly milliseconds: number }
  /** It does not; what is on the wire is read. */
  | { readonly say: 'turn' }
  /** Each bot decides something. */
  | { readonly say: 'act' }
  | { readonly say: 'set-wall'; readonly at: number }
  /** The process ends, as by `kill -9`, at the instant of that number from now on. */
  | { readonly say: 'die-in'; readonly instants: number }
  | { readonly say: 'heap' }
  /** The answer comes when it has been found out, while time passes. */
  | { readonly say: 'report' }
  | { readonly say: 'close' };

/** One account, as its broker sees it in the end. */
export interface AccountReport {
  /** A sentence where it could not be read. */
  readonly state: AccountState | string;
  /** Ids of intents that are neither settled nor given up. */
  readonly open: readonly string[];
  readonly ramp: string;
}

/** What the process says by itself, or in answer to the order of the number `to`. */
export type BotWord =
  | { readonly is: 'started' }
  | { readonly is: 'event'; readonly name: string }
  | { readonly is: 'done'; readonly to: number; readonly underWay: number }
  | { readonly is: 'heap'; readonly to: number; readonly mb: number }
  | { readonly is: 'report'; readonly to: number; readonly accounts: readonly AccountReport[] };
