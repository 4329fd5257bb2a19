import type { Broker, Clock } from '@hotpath/core';
import { checkOptions, systemClock } from '@hotpath/core';
import * as z from 'zod';
import type { HostEvent } from './host-event.ts';
import type { StrategyContext } from './strategy-context.ts';

/** An entry to be sized: the first of a signal, or one that averages. */
export interface SizedEntry extends StrategyContext {
  /** Dollars that the engine puts in (`CC_POSITION_ENTRY_COST`, or the signal's `cost`). */
  readonly cost: number;
  /** The price the engine enters at. */
  readonly priceOpen: number;
  readonly position: 'long' | 'short';
  /** Where the position is given up. */
  readonly priceStopLoss: number;
  readonly priceTakeProfit: number;
}

/** What `installBacktestKitBroker` and `createBacktestKitBroker` take. */
export interface BacktestKitHostOptions {
  /** From `createBroker`. It stays yours to close. */
  readonly broker: Broker;
  /** How many whole contracts an entry is, at least 1: the engine counts in dollars, a futures venue does not. Asked once for each entry; a retry sends what the first try sent. */
  readonly contracts: (entry: SizedEntry) => number;
  /**
   * Who keeps stop and target. `engine` (default): backtest-kit, which looks once a minute and only while the process lives. `native`: orders at the venue, attached to the entry;
   * the account must take brackets (TopstepX: Auto OCO Brackets), or the broker keep them (`ownOco`).
   */
  readonly brackets?: 'native' | 'engine' | undefined;
  /** The engine has one adapter for the whole process: `false` leaves a strategy alone, as if none were installed. Default: all. */
  readonly accepts?: ((context: StrategyContext) => boolean) | undefined;
  /** Milliseconds after its first try in which an entry that was not sent may be sent again. Default 0: the engine tries again a minute later, and a signal a minute old is stale. */
  readonly openRetryMs?: number | undefined;
  /** Milliseconds a hook waits until an unknown outcome is settled. Default 60,000; the engine's next tick goes on waiting. */
  readonly settleWithinMs?: number | undefined;
  /** Milliseconds a hook waits for the fill of a market order that the venue took. Default 10,000. */
  readonly fillWithinMs?: number | undefined;
  /** Where the content sent for each signal is kept, for its retries and over restarts. Default `./dump/hotpath/signals.jsonl`, beside what the engine keeps. One file for each process. */
  readonly file?: string | undefined;
  /** Told of what needs a person's eye. Default: a warning of the process. */
  readonly onEvent?: ((event: HostEvent) => void) | undefined;
  /** Default: the system's time. */
  readonly clock?: Clock | undefined;
}

/** With every default in place. */
export type HostSettings = {
  readonly [Key in keyof BacktestKitHostOptions]-?: NonNullable<BacktestKitHostOptions[Key]>;
};

const milliseconds = z.number().min(0).optional();
const method = (name: string) =>
  z.custom<() => unknown>((value) => typeof value === 'function', `must be ${name}`);
const schema = z.strictObject({
  broker: z.custom<object>(
    (value) => typeof value === 'object' && value !== null && 'placeOrder' in value,
    'must be a broker, from createBroker',
  ),
  contracts: method('a function that gives whole contracts for an entry'),
  brackets: z.enum(['native', 'engine'], 'must be "native" or "engine"').optional(),
  accepts: method('a function of the strategy').optional(),
  openRetryMs: milliseconds,
  settleWithinMs: milliseconds,
  fillWithinMs: milliseconds,
  file: z.string().min(1).optional(),
  onEvent: method('a function of an event').optional(),
  clock: z
    .custom<object>(
      (value) => typeof value === 'object' && value !== null && 'now' in value,
      'must be a clock',
    )
    .optional(),
});

export function hostSettings(options: BacktestKitHostOptions): HostSettings {
  checkOptions('host-backtest-kit', schema, options);
  return {
    broker: options.broker,
    contracts: options.contracts,
    brackets: options.brackets ?? 'engine',
    accepts: options.accepts ?? (() => true),
    openRetryMs: options.openRetryMs ?? 0,
    settleWithinMs: options.settleWithinMs ?? 60_000,
    fillWithinMs: options.fillWithinMs ?? 10_000,
    file: options.file ?? './dump/hotpath/signals.jsonl',
    onEvent:
      options.onEvent ??
      (({ name, message }) => process.emitWarning(message, { type: 'HotpathWarning', code: name })),
    clock: options.clock ?? systemClock,
  };
}
