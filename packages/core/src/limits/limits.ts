import * as z from 'zod';

/** Hours of a day in which places are sent; over midnight when `to` is before `from`. Both the same is no span and is refused: without `tradingHours` places are sent round the clock. */
export interface TradingHours {
  /** `HH:MM`. */
  readonly from: string;
  /** `HH:MM`, not included. */
  readonly to: string;
  /** IANA name, such as `America/Chicago`. */
  readonly timeZone: string;
}

/** How much of a day may be lost. */
export interface DailyLoss {
  /** Money, above 0: with this much lost since the day began, realised and fees included, nothing enters the market. */
  readonly amount: number;
  /** `HH:MM` at which the day begins. Default `17:00`. */
  readonly dayBeginsAt?: string | undefined;
  /** IANA name. Default `America/Chicago`. */
  readonly timeZone?: string | undefined;
}

/**
 * What a bot's author allows it. Everything is decided in the tick of the call; orders on their way, working and unknown count as if they had filled in full.
 * What gets out of the market (cancels, closes, reduces, orders that only shrink a position) is never refused by any of them.
 */
export interface Limits {
  /** Roots, contract names or contract ids that may be traded. Default: all. */
  readonly symbols?: readonly string[] | undefined;
  /** Most contracts held on one side, all symbols together. */
  readonly maxContracts?: number | undefined;
  /** The same for one root, such as `{ "MNQ": 5 }`. */
  readonly maxContractsPerSymbol?: Readonly<Record<string, number>> | undefined;
  /** Most places of this bot that are working or on their way, bracket legs apart. */
  readonly maxOpenOrders?: number | undefined;
  /** Most places in any 60 seconds. */
  readonly maxOrdersPerMinute?: number | undefined;
  /** Farthest a limit or stop price may stand from the last price, in ticks. Needs an adapter with market data; without a live price the order is refused. */
  readonly priceBandTicks?: number | undefined;
  readonly tradingHours?: TradingHours | undefined;
  /** Needs an adapter with an order stream. */
  readonly dailyLoss?: DailyLoss | undefined;
  /** `refuse` (default): while a place in the same contract is unknown, nothing enters it. `count`: the unknown one counts as filled, and that is all. */
  readonly whileUnknown?: 'refuse' | 'count' | undefined;
}

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');
const timeZone = z.string().refine(isTimeZone, 'is no time zone such as America/Chicago');
const contracts = z.int().min(0);
const tradingHours = z
  .strictObject({ from: timeOfDay, to: timeOfDay, timeZone })
  // safeguard: hours without a span
  .refine(({ from, to }) => from !== to, {
    path: ['to'],
    error:
      'is the same as from, which is no span of time; leave tradingHours out to trade round the clock',
  });
// end of safeguard

export const limitsSchema: z.ZodType<Limits> = z.strictObject({
  symbols: z
    .array(z.string().min(1))
    .min(1, 'names nothing that may be traded; leave it out to trade everything')
    .optional()
    .describe('What may be traded; default all'),
  maxContracts: contracts
    .optional()
    .describe('Most contracts held on one side, all symbols together'),
  maxContractsPerSymbol: z
    .record(z.string().min(1), contracts)
    .optional()
    .describe('The same for one root'),
  maxOpenOrders: z.int().min(0).optional().describe('Most places working or on their way'),
  maxOrdersPerMinute: z.int().min(0).optional().describe('Most places in any 60 seconds'),
  priceBandTicks: z
    .int()
    .min(1)
    .optional()
    .describe('Farthest a price may stand from the last one'),
  tradingHours: tradingHours.optional().describe('When places are sent; default round the clock'),
  dailyLoss: z
    .strictObject({
      amount: z.number().gt(0),
      dayBeginsAt: timeOfDay.optional(),
      timeZone: timeZone.optional(),
    })
    .optional()
    .describe('With this much lost, nothing enters'),
  whileUnknown: z
    .enum(['refuse', 'count'])
    .optional()
    .describe('What an unknown place means for its contract; default refuse'),
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
