import type { GatewayOptions } from '../gateway-options.ts';
import type { OrderRules } from '../exchange/exchange-settings.ts';
import type { HandlerRules } from '../http/request-handler.ts';
import type { RestRules } from '../http/rest-rules.ts';
import type { HubRules } from '../hubs/hub-rules.ts';
import type { GatewayDifference } from './differences.ts';
import type { Unknowns } from './unknowns.ts';

/** Every place where the gateway can be one way or the other, decided from its options. */
export interface VenueRules {
  readonly handler: HandlerRules;
  readonly rest: RestRules;
  readonly hub: HubRules;
  readonly orders: OrderRules;
  /** A market order's end before its trades, always. */
  readonly ordersBeforeTrades: boolean;
  /** Tokens that are no JWT. */
  readonly opaqueTokens: boolean;
}

export function venueRules(options: GatewayOptions): VenueRules {
  const { unknowns = {}, differences = [] } = options;
  const differs = new Set(differences);
  return {
    handler: handlerRules(unknowns, differs),
    rest: restRules(unknowns, differs),
    hub: hubRules(options, unknowns, differs),
    orders: orderRules(unknowns, differs),
    ordersBeforeTrades: differs.has('orders-before-trades'),
    opaqueTokens: differs.has('opaque-tokens'),
  };
}

type Differences = ReadonlySet<GatewayDifference>;

function handlerRules(unknowns: Unknowns, differs: Differences): HandlerRules {
  return {
    trailingSlash: takesTrailingSlash(differs),
    contentTypes: !differs.has('any-content-type'),
    pingNeedsToken: unknowns.ping === 'needs-token',
  };
}

function restRules(unknowns: Unknowns, differs: Differences): RestRules {
  const liveData = differs.has('live-data');
  return {
    numbersAsText: unknowns.numbersAsText === 'taken',
    namesByCase: differs.has('names-by-case'),
    localTimes: differs.has('local-times'),
    plainProblems: differs.has('plain-problems'),
    liveContracts: liveData,
    liveBars: liveData || unknowns.liveBars === 'simulated',
    search: {
      order: unknowns.searchOrder ?? 'codes-first',
      descriptions: unknowns.searchDescriptions ?? false,
      namesOnly: differs.has('search-by-name'),
    },
    oldContracts: !differs.has('no-old-contracts'),
    hidesLocked: unknowns.onlyActiveAccounts === 'locked',
    orderQuery: !differs.has('no-order-query'),
    queryByContract: unknowns.queryContract === 'applied',
    legLinks: unknowns.restLegLinks ?? true,
    commissions: unknowns.restCommissions ?? true,
    tradeSearchNeedsStart: differs.has('trade-search-needs-start'),
    barsOldestFirst: differs.has('bars-oldest-first'),
    oneDigitYears: differs.has('one-digit-years'),
  };
}

function hubRules(
  { events = {}, matching = {}, hubPayloads = 'wrapped' }: GatewayOptions,
  unknowns: Unknowns,
  differs: Differences,
): HubRules {
  return {
    payloads: hubPayloads,
    trailingSlash: takesTrailingSlash(differs),
    methodsInAnyCase: !differs.has('hub-methods-by-case'),
    otherVersions: unknowns.otherVersions ?? 'closed',
    paddedTimes: differs.has('padded-hub-times'),
    nulls: differs.has('nulls-on-hubs'),
    oneDigitYears: differs.has('one-digit-years'),
    pendingResting: differs.has('pending-resting-orders'),
    pendingCloses: unknowns.pendingCloses ?? 'shown',
    deletedOrders: unknowns.deletedOrders ?? 'unfilled',
    repeatedTradeId: unknowns.repeatedTradeId ?? 'same',
    volumeQuotes: unknowns.volumeQuotes ?? true,
    bookSize: matching.bookSize ?? 1,
    repeatAccountMs: events.repeatAccountMs ?? 20,
    repeatFilledMs: events.repeatFilledMs ?? 0,
  };
}

function orderRules(unknowns: Unknowns, differs: Differences): OrderRules {
  return {
    emptyTag: unknowns.emptyTag ?? 'no-tag',
    longestTag: unknowns.longestTag ?? 64,
    refusedOrders: unknowns.refusedOrders ?? 'all',
    modifyMovesTime: unknowns.modifyMovesTime ?? false,
    suspendedLegs: unknowns.suspendedLegs ?? 'refused',
    legSize: unknowns.legSize ?? 'taken',
    leastTargetTicks: unknowns.leastTargetTicks ?? 0,
    legsOfClosed: unknowns.legsOfClosed ?? 'works',
    secondClose: unknowns.secondClose ?? 'acts',
    crossingLimits: unknowns.crossingLimits ?? 'limit',
    sidesUnchecked: differs.has('sides-unchecked'),
    updateAtFill: differs.has('update-at-fill'),
  };
}

/** The REST side and the hubs route paths in the same way. */
function takesTrailingSlash(differs: Differences): boolean {
  return !differs.has('no-trailing-slash');
}
