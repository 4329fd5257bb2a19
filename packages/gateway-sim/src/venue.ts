import { after, systemGatewayClock } from './clock.ts';
import { Exchange } from './exchange/exchange.ts';
import { Matching } from './exchange/matching.ts';
import type { PriceSource } from './exchange/price-source.ts';
import type { Feed } from './feed/feed.ts';
import { PriceWalk } from './exchange/price-walk.ts';
import { ReplayedPrices } from './exchange/replay.ts';
import type { GatewayAccount, GatewayOptions } from './gateway-options.ts';
import type { AuthParts } from './http/auth-routes.ts';
import { BarHistory } from './bars/bar-history.ts';
import { barRoute } from './bars/bar-route.ts';
import type { Route } from './http/route.ts';
import { createRoutes } from './http/routes.ts';
import { ContractList } from './instruments/contract-list.ts';
import type { SimulatedContract } from './instruments/contracts.ts';
import type { Product } from './instruments/products.ts';
import type { EventDraws } from './hubs/hub-rules.ts';
import type { Latency } from './options/latency.ts';
import { latencyOf } from './options/latency.ts';
import type { VenueRules } from './options/venue-rules.ts';
import { seededRandom } from './seeded-random.ts';
import { topstepCalendar } from './sessions/session-calendar.ts';
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
  const {
    clock = systemGatewayClock,
    bracketActivationMs = 25,
    seed = 1,
    latency = {},
    matching = {},
    events = {},
    fees = {},
  } = options;
  const drawn = (given: Latency | undefined, stream: string): (() => number) =>
    latencyOf(given, seededRandom(seed, `latency ${stream}`));
  const contracts = new ContractList(now, feed !== undefined);
  const prices = new Map<string, PriceSource>();
  for (const contract of contracts.active())
    prices.set(contract.id, priceSource(options, contract));
  const exchange = new Exchange({
    contracts,
    accounts: accounts.map(
      ({
        id,
        name,
        balance = 50_000,
        canTrade = true,
        simulated = true,
        bracketMode = 'position',
        marginPerContract = 0,
        restriction,
      }) => ({
        id,
        name,
        balance,
        canTrade,
        simulated,
        bracketMode,
        marginPerContract,
        restriction,
      }),
    ),
    prices,
    matching: new Matching({
      fills: matching.fills ?? 'whole',
      bookSize: matching.bookSize ?? 1,
      stopSlippageTicks: matching.stopSlippageTicks ?? 0,
      largestFill: options.largestFill ?? 0,
      random: seededRandom(seed, 'slippage'),
    }),
    times: {
      fillMs: drawn(latency.fillMs, 'fill'),
      closeFillMs: drawn(latency.closeFillMs ?? latency.fillMs, 'close fill'),
      cancelMs: drawn(latency.cancelMs, 'cancel'),
      bracketActivationMs,
    },
    rules: rules.orders,
    choice: {
      unusual: coin(events.order === 'drawn' ? 0.5 : 0, seed, 'order of events'),
      ordersBeforeTrades: rules.ordersBeforeTrades,
    },
    costs: ({ product }) => fees[product.exchangeRoot] ?? product.costs,
    keepHistory: options.keepHistory ?? 0,
    calendar: options.session === 'topstep' ? topstepCalendar : undefined,
    autoFlatten: options.autoFlatten ?? false,
    closeCancelsOrders: options.closeCancelsOrders ?? false,
    tagsIgnoreCase: options.tagCase !== 'counts',
    trailingRefusal: trailingRefusal(options),
    unpriced: (order) => feed?.waits(order),
    later: (milliseconds, task) => void after(clock, milliseconds, () => task(clock.now())),
  });
  const { historyDays = 10 } = options;
  const histories = new Map<string, BarHistory>();
  const keepBars = (contract: SimulatedContract, at: number): void => {
    const source = prices.get(contract.id);
    // A contract from outside has no made-up past.
    if (source)
      histories.set(
        contract.id,
        new BarHistory(
          contract,
          seed,
          at,
          source.quote ? historyDays : 0,
          source.quote?.last ?? 1,
          options.keepHistory,
        ),
      );
  };
  for (const contract of contracts.active()) keepBars(contract, now);
  exchange.listen((event) => {
    if (event.kind === 'price')
      histories.get(event.contractId)?.record(event.at, event.quote.last, event.volume);
  });
  const roll = (product: Product | undefined, at: number): string[] => {
    const single = product && contracts.roll(product);
    const rolls = product ? (single ? [single] : []) : contracts.rollDue(at);
    for (const { from, to } of rolls) {
      // The next month goes on from where the last one stands; how far apart they are differs by product and is left out.
      prices.set(to.id, priceSource(options, to, prices.get(from.id)?.quote?.last));
      keepBars(to, at);
    }
    return rolls.map(({ to }) => to.id);
  };
  const routes = [
    ...createRoutes({ exchange, contracts, auth, rules: rules.rest }),
    barRoute(exchange, histories, rules.rest),
  ];
  const list = (contract: SimulatedContract, source: PriceSource, at: number): void => {
    contracts.list(contract);
    if (prices.has(contract.id)) return;
    prices.set(contract.id, source);
    keepBars(contract, at);
  };
  const eventDraws: EventDraws = {
    eventMs: drawn(latency.eventMs, 'event'),
    positionEventMs:
      latency.positionEventMs === undefined
        ? undefined
        : drawn(latency.positionEventMs, 'position event'),
    losesPosition: coin(events.lostPositions ?? 0, seed, 'lost positions'),
  };
  const answersLast = coin(
    { first: 0, last: 1, drawn: 0.5 }[events.answer ?? 'first'],
    seed,
    'answers',
  );
  const waits = {
    answerWaitMs: () => (answersLast() ? answerWaitMs : 0),
    requestMs: drawn(latency.requestMs, 'request'),
    answerMs: drawn(latency.answerMs, 'answer'),
  };
  return {
    exchange,
    contracts,
    eventDraws,
    ...waits,
    roll,
    list,
    routes: new Map(routes.map((route) => [`/api/${route.path}`.toLowerCase(), route])),
  };
}

/** Chance by seed; none is drawn where it is certain. */
function coin(probability: number, seed: number, stream: string): () => boolean {
  const random = seededRandom(seed, stream);
  return () => probability >= 1 || (probability > 0 && random() < probability);
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
