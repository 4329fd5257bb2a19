import type { GatewayOptions } from '../gateway-options.ts';
import type { OrderRules } from '../exchange/exchange-settings.ts';
import type { HandlerRules } from '../http/request-handler.ts';
import type { RestRules } from '../http/rest-rules.ts';
import type { HubRules } from '../hubs/hub-rules.ts';

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

export function venueRules({
  unknowns = {},
  differences = [],
  events = {},
  matching = {},
  hubPayloads = 'wrapped',
}: GatewayOptions): VenueRules {
  const differs = new Set(differences);
  const trailingSlash = !differs.has('no-trailing-slash');
  const oneDigitYears = differs.has('one-digit-years');
  const liveData = differs.has('live-data');
  return {
    handler: {
      trailingSlash,
      contentTypes: !differs.has('any-content-type'),
      pingNeedsToken: unknowns.ping === 'needs-token',
    },
    rest: {
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
      oneDigitYears,
    },
    hub: {
      payloads: hubPayloads,
      trailingSlash,
      methodsInAnyCase: !differs.has('hub-methods-by-case'),
      otherVersions: unknowns.otherVersions ?? 'closed',
      paddedTimes: differs.has('padded-hub-times'),
      nulls: differs.has('nulls-on-hubs'),
      oneDigitYears,
      pendingResting: differs.has('pending-resting-orders'),
      pendingCloses: unknowns.pendingCloses ?? 'shown',
      deletedOrders: unknowns.deletedOrders ?? 'unfilled',
      repeatedTradeId: unknowns.repeatedTradeId ?? 'same',
      volumeQuotes: unknowns.volumeQuotes ?? true,
      bookSize: matching.bookSize ?? 1,
      repeatAccountMs: events.repeatAccountMs ?? 20,
      repeatFilledMs: events.repeatFilledMs ?? 0,
    },
    orders: {
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
    },
    ordersBeforeTrades: differs.has('orders-before-trades'),
    opaqueTokens: differs.has('opaque-tokens'),
  };
}
