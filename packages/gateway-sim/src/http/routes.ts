import { authRoutes } from './auth-routes.ts';
import { accountAndContractRoutes } from './contract-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { positionRoutes } from './position-routes.ts';
import type { RouteParts } from './rest-rules.ts';
import type { Route } from './route.ts';

/** The REST side's operations, in the order of the reference. */
export function createRoutes(parts: RouteParts): Route[] {
  return [
    ...authRoutes(parts.auth, parts.rules),
    ...accountAndContractRoutes(parts),
    ...orderRoutes(parts),
    ...positionRoutes(parts),
  ];
}
