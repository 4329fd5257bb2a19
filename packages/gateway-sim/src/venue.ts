import { Exchange } from './exchange/exchange.ts';
import type { GatewayAccount, GatewayOptions } from './gateway-options.ts';
import type { AuthParts } from './http/auth-routes.ts';
import type { Route } from './http/route.ts';
import { createRoutes } from './http/routes.ts';
import { contractsAt } from './instruments/contracts.ts';

/** Everything that a reset makes anew. */
export interface Venue {
  readonly exchange: Exchange;
  /** By whole path in lower case. */
  readonly routes: ReadonlyMap<string, Route>;
}

/** The matching side and the operations on it, as they are when the gateway starts. */
export function createVenue(options: GatewayOptions, accounts: readonly GatewayAccount[], auth: AuthParts, now: number): Venue {
  const contracts = contractsAt(now);
  const settings = accounts.map(({ id, name, balance = 50_000, canTrade = true, simulated = true }) => ({ id, name, balance, canTrade, simulated }));
  const exchange = new Exchange(options.seed ?? 1, contracts, settings);
  return { exchange, routes: new Map(createRoutes({ exchange, contracts, auth }).map((route) => [`/api/${route.path}`.toLowerCase(), route])) };
}
