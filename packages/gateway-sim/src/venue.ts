import { after, systemGatewayClock } from './clock.ts';
import { Exchange } from './exchange/exchange.ts';
import type { PriceSource } from './exchange/price-source.ts';
import { PriceWalk } from './exchange/price-walk.ts';
import { ReplayedPrices } from './exchange/replay.ts';
import type { GatewayAccount, GatewayOptions } from './gateway-options.ts';
import type { AuthParts } from './http/auth-routes.ts';
import { BarHistory } from './bars/bar-history.ts';
import { barRoute } from './bars/bar-route.ts';
import type { Route } from './http/route.ts';
import { createRoutes } from './http/routes.ts';
import type { SimulatedContract } from './instruments/contracts.ts';
import { contractsAt } from './instruments/contracts.ts';
import { seededRandom } from './seeded-random.ts';
import { topstepCalendar } from './sessions/session-calendar.ts';
import { ticksOfPrice } from './tick.ts';

/** Everything that a reset makes anew. */
export interface Venue {
  readonly exchange: Exchange;
  /** By whole path in lower case. */
  readonly routes: ReadonlyMap<string, Route>;
}

/** The matching side and the operations on it, as they are when the gateway starts. */
export function createVenue(options: GatewayOptions, accounts: readonly GatewayAccount[], auth: AuthParts, now: number): Venue {
  const { clock = systemGatewayClock, bracketActivationMs = 25 } = options;
  const contracts = contractsAt(now);
  const exchange = new Exchange({
    contracts,
    accounts: accounts.map(({ id, name, balance = 50_000, canTrade = true, simulated = true, bracketMode = 'position', marginPerContract = 0 }) => ({
      id,
      name,
      balance,
      canTrade,
      simulated,
      bracketMode,
      marginPerContract,
    })),
    prices: priceSources(options, contracts),
    largestFill: options.largestFill ?? 0,
    keepHistory: options.keepHistory ?? 0,
    calendar: options.session === 'topstep' ? topstepCalendar : undefined,
    autoFlatten: options.autoFlatten ?? false,
    closeCancelsOrders: options.closeCancelsOrders ?? false,
    activateLater: (task, at) => (bracketActivationMs > 0 ? void after(clock, bracketActivationMs, () => task(clock.now())) : task(at)),
  });
  const routes = [...createRoutes({ exchange, contracts, auth }), barRoute(exchange, barHistories(options, exchange, contracts, now))];
  return { exchange, routes: new Map(routes.map((route) => [`/api/${route.path}`.toLowerCase(), route])) };
}

function priceSources({ seed = 1, replay = {} }: GatewayOptions, contracts: readonly SimulatedContract[]): Map<string, PriceSource> {
  const sources = new Map<string, PriceSource>();
  for (const contract of contracts) {
    if (!contract.activeContract) continue;
    const recorded = replay[contract.id] ?? replay[contract.product.exchangeRoot];
    const start = ticksOfPrice(contract.product.startPrice, contract.tick) ?? 1;
    sources.set(contract.id, recorded ? ReplayedPrices.read(recorded, contract) : new PriceWalk(start, seededRandom(seed, contract.id)));
  }
  return sources;
}

function barHistories({ seed = 1, historyDays = 10 }: GatewayOptions, exchange: Exchange, contracts: readonly SimulatedContract[], now: number): Map<string, BarHistory> {
  const histories = new Map<string, BarHistory>();
  for (const contract of contracts) {
    const source = exchange.prices(contract.id);
    if (source) histories.set(contract.id, new BarHistory(contract, seed, now, historyDays, source.quote.last));
  }
  exchange.listen((event) => {
    if (event.kind === 'price') histories.get(event.contractId)?.record(event.at, event.quote.last, event.volume);
  });
  return histories;
}
