import type { Exchange } from '../exchange/exchange.ts';
import type { ContractList } from '../instruments/contract-list.ts';
import type { SearchRules } from '../instruments/contract-search.ts';
import type { AuthParts } from './auth-routes.ts';
import type { RouteRules } from './route.ts';

/** Where the REST side is told to be one way or the other. */
export interface RestRules extends RouteRules {
  /** `live: true` gives what `false` does. */
  readonly liveContracts: boolean;
  readonly liveBars: boolean;
  readonly search: SearchRules;
  /** Whether `Contract/searchById` finds what has expired. */
  readonly oldContracts: boolean;
  /** Whether `onlyActiveAccounts` leaves accounts out that cannot trade. */
  readonly hidesLocked: boolean;
  /** Whether there are the newer order operations. */
  readonly orderQuery: boolean;
  readonly queryByContract: boolean;
  /** Whether rows name a leg's entry and sibling. */
  readonly legLinks: boolean;
  readonly commissions: boolean;
  readonly tradeSearchNeedsStart: boolean;
  readonly barsOldestFirst: boolean;
  /** One digit of the year in the name of a position's contract. */
  readonly oneDigitYears: boolean;
}

export interface RouteParts {
  readonly exchange: Exchange;
  readonly contracts: ContractList;
  readonly auth: AuthParts;
  readonly rules: RestRules;
}
