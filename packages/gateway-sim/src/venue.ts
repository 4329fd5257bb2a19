import { BarHistories } from './bars/bar-histories.ts';
import { barRoute } from './bars/bar-route.ts';
import { Exchange } from './exchange/exchange.ts';
import type { PriceSource } from './exchange/price-source.ts';
import { PriceWalk } from './exchange/price-walk.ts';
import { ReplayedPrices } from './exchange/replay.ts';
import type { Feed } from './feed/feed.ts';
import type { GatewayAccount, GatewayOptions } from './gateway-options.ts';
import type { AuthParts } from './http/auth-routes.ts';
import type { Route } from './http/route.ts';
import { createRoutes } from './http/routes.ts';
import type { EventDraws } from './hubs/hub-rules.ts';
import { ContractList } from './instruments/contract-list.ts';
import type { SimulatedContract } from './instruments/contracts.ts';
import type { Product } from './instruments/products.ts';
import { exchangeSettingsOf } from './options/exchange-settings-of.ts';
import { SeededDraws } from './options/seeded-draws.ts';
import type { VenueRules } from './options/venue-rules.ts';
import { seededRandom } from './seeded-random.ts';
import { ticksOfPrice } from './tick.ts';

/** Events leave within a turn of the event loop; this is enough for a client on the same machine to read them first. */
const answerWaitMs = 8;

/** Everything that a reset makes anew. */
export interface Venue {
  readonly exchange: Exchange;
  readonly contracts: ContractList;
  /** What chance decides about its events. */
  readonly eventDraws: EventDraws;
  /** Milliseconds of the system's time for which a mutation's answer waits behind its events. */
  readonly answerWaitMs: () => number;
  /** Milliseconds of the gateway's time from a request's arrival until it is carried out, and from then until its answer. */
  readonly requestMs: () => number;
  readonly answerMs: () => number;
  /** Makes the next month of a product the front one, and gives the new contract's id; of all whose month has passed when no product is named. */
  roll(product: Product | undefined, at: number): string[];
  /** Lists a contract from outside, with its prices if it is a new one. */
  list(contract: SimulatedContract, prices: PriceSource, at: number): void;
  /** By whole path in lower case. */
  readonly routes: ReadonlyMap<string, Route>;
}

/** The matching side and the operations on it, as they are when the gateway starts. */
export function createVenue(
  options: GatewayOptions,
  rules: VenueRules,
  accounts: readonly GatewayAccount[],
  auth: AuthParts,
  now: number,
  feed?: Feed,
): Venue {
  const { seed = 1, historyDays = 10, keepHistory } = options;
  const contracts = new ContractList(now, feed !== undefined);
  const prices = new Map<string, PriceSource>();
  const bars = new BarHistories({ seed, historyDays, keep: keepHistory });
  const show = (contract: SimulatedContract, source: PriceSource, at: number): void => {
    prices.set(contract.id, source);
    bars.begin(contract, source, at);
  };
  for (const contract of contracts.active()) show(contract, priceSource(options, contract), now);
  const exchange = new Exchange(
    exchangeSettingsOf(options, rules, accounts, {
      contracts,
      prices,
      unpriced: (order) => feed?.waits(order),
    }),
  );
  exchange.listen((event) => bars.record(event));
  const roll = (product: Product | undefined, at: number): string[] => {
    const single = product && contracts.roll(product);
    const rolls = product ? (single ? [single] : []) : contracts.rollDue(at);
    // The next month goes on from where the last one stands; how far apart they are differs by product and is left out.
    for (const { from, to } of rolls)
      show(to, priceSource(options, to, prices.get(from.id)?.quote?.last), at);
    return rolls.map(({ to }) => to.id);
  };
  const list = (contract: SimulatedContract, source: PriceSource, at: number): void => {
    contracts.list(contract);
    if (!prices.has(contract.id)) show(contract, source, at);
  };
  const routes = [
    ...createRoutes({ exchange, contracts, auth, rules: rules.rest }),
    barRoute(exchange, bars.all, rules.rest),
  ];
  return {
    exchange,
    contracts,
    ...drawsOf(options, new SeededDraws(seed)),
    roll,
    list,
    routes: new Map(routes.map((route) => [`/api/${route.path}`.toLowerCase(), route])),
  };
}

/** What chance decides about events and answers. */
function drawsOf(
  { latency = {}, events = {} }: GatewayOptions,
  draws: SeededDraws,
): Pick<Venue, 'eventDraws' | 'answerWaitMs' | 'requestMs' | 'answerMs'> {
  const chanceOfLast = { first: 0, last: 1, drawn: 0.5 }[events.answer ?? 'first'];
  const answersLast = draws.coin(chanceOfLast, 'answers');
  return {
    eventDraws: {
      eventMs: draws.latency(latency.eventMs, 'event'),
      positionEventMs:
        latency.positionEventMs === undefined
          ? undefined
          : draws.latency(latency.positionEventMs, 'position event'),
      losesPosition: draws.coin(events.lostPositions ?? 0, 'lost positions'),
    },
    answerWaitMs: () => (answersLast() ? answerWaitMs : 0),
    requestMs: draws.latency(latency.requestMs, 'request'),
    answerMs: draws.latency(latency.answerMs, 'answer'),
  };
}

function priceSource(
  { seed = 1, replay = {} }: GatewayOptions,
  contract: SimulatedContract,
  startTicks?: number,
): PriceSource {
  const recorded = replay[contract.id] ?? replay[contract.product.exchangeRoot];
  if (recorded) return ReplayedPrices.read(recorded, contract);
  return new PriceWalk(
    startTicks ?? ticksOfPrice(contract.product.startPrice, contract.tick) ?? 1,
    seededRandom(seed, contract.id),
  );
}
