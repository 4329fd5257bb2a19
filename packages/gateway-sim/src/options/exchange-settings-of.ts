import { after, systemGatewayClock } from '../clock.ts';
import type { AccountSettings } from '../exchange/account-book.ts';
import type { ExchangeSettings, VenueTimes } from '../exchange/exchange-settings.ts';
import { Matching } from '../exchange/matching.ts';
import type { GatewayAccount, GatewayOptions } from '../gateway-options.ts';
import type { SimulatedContract } from '../instruments/contracts.ts';
import { seededRandom } from '../seeded-random.ts';
import { topstepCalendar } from '../sessions/session-calendar.ts';
import { SeededDraws } from './seeded-draws.ts';
import type { VenueRules } from './venue-rules.ts';

/** What of the exchange's settings the options do not say. */
export type ExchangeParts = Pick<ExchangeSettings, 'contracts' | 'prices' | 'unpriced'>;

/** What the matching side works by, from the gateway's options and their defaults. */
export function exchangeSettingsOf(
  options: GatewayOptions,
  rules: VenueRules,
  accounts: readonly GatewayAccount[],
  parts: ExchangeParts,
): ExchangeSettings {
  const { clock = systemGatewayClock, seed = 1, events = {}, fees = {} } = options;
  return {
    ...parts,
    accounts: accounts.map(accountSettings),
    matching: matchingOf(options, seed),
    times: timesOf(options, seed),
    rules: rules.orders,
    choice: {
      unusual: new SeededDraws(seed).coin(events.order === 'drawn' ? 0.5 : 0, 'order of events'),
      ordersBeforeTrades: rules.ordersBeforeTrades,
    },
    costs: ({ product }) => fees[product.exchangeRoot] ?? product.costs,
    keepHistory: options.keepHistory ?? 0,
    calendar: options.session === 'topstep' ? topstepCalendar : undefined,
    autoFlatten: options.autoFlatten ?? false,
    closeCancelsOrders: options.closeCancelsOrders ?? false,
    tagsIgnoreCase: options.tagCase !== 'counts',
    trailingRefusal: trailingRefusal(options),
    later: (milliseconds, task) => void after(clock, milliseconds, () => task(clock.now())),
  };
}

function accountSettings({
  id,
  name,
  balance = 50_000,
  canTrade = true,
  simulated = true,
  bracketMode = 'position',
  marginPerContract = 0,
  restriction,
}: GatewayAccount): AccountSettings {
  return { id, name, balance, canTrade, simulated, bracketMode, marginPerContract, restriction };
}

function matchingOf({ matching = {}, largestFill }: GatewayOptions, seed: number): Matching {
  return new Matching({
    fills: matching.fills ?? 'whole',
    bookSize: matching.bookSize ?? 1,
    stopSlippageTicks: matching.stopSlippageTicks ?? 0,
    largestFill: largestFill ?? 0,
    random: seededRandom(seed, 'slippage'),
  });
}

function timesOf(
  { latency = {}, bracketActivationMs = 25 }: GatewayOptions,
  seed: number,
): VenueTimes {
  const draws = new SeededDraws(seed);
  return {
    fillMs: draws.latency(latency.fillMs, 'fill'),
    closeFillMs: draws.latency(latency.closeFillMs ?? latency.fillMs, 'close fill'),
    cancelMs: draws.latency(latency.cancelMs, 'cancel'),
    bracketActivationMs,
  };
}

/** The texts of the trailing engine (ProjectX documentation, 2026). */
const trailingTexts = {
  'no-last-price': 'Cannot trail without a last price',
  'unknown-symbol': 'Invalid symbol',
} as const;

function trailingRefusal({
  trailingRefusals = {},
}: GatewayOptions): (contract: SimulatedContract) => string | undefined {
  return ({ id, product }) => {
    const reason = trailingRefusals[id] ?? trailingRefusals[product.exchangeRoot];
    return reason && trailingTexts[reason];
  };
}
