export type { BracketMode } from './exchange/brackets.ts';
export type { AccountRestriction } from './exchange/account-book.ts';
export type { Replay } from './exchange/replay.ts';
export type { ProductCosts } from './instruments/products.ts';
export type { GatewayDifference } from './options/differences.ts';
export { gatewayDifferences } from './options/differences.ts';
export type { EventOptions } from './options/event-options.ts';
export type { Latency } from './options/latency.ts';
export type { LatencyOptions } from './options/latency-options.ts';
export type { MatchingOptions } from './options/matching-options.ts';
export type { Unknowns } from './options/unknowns.ts';
export type { GatewayClock } from './clock.ts';
export type {
  ConnectionFault,
  Fault,
  FaultCount,
  FaultMoment,
  FaultRule,
  HubFault,
  RequestFault,
  SpoiledBody,
} from './faults/fault.ts';
export type { GatewayFaults } from './faults/fault-book.ts';
export type { FedContract, FedQuote, FeedOptions, PriceFeed } from './feed/feed-options.ts';
export type {
  AuthOptions,
  GatewayAccount,
  GatewayApp,
  GatewayOptions,
  GatewayUser,
  RateLimits,
} from './gateway-options.ts';
export type { ManualGatewayClock } from './manual-gateway-clock.ts';
export { manualGatewayClock } from './manual-gateway-clock.ts';
export type { GatewayLogEntry } from './http/gateway-log.ts';
export type { RateWindow } from './http/rate-limiter.ts';
export type { Gateway } from './start-gateway.ts';
export { startGateway } from './start-gateway.ts';
export type { OrderTruth, Truth } from './truth.ts';
export type { RawRequest } from './exchange/order-record.ts';
