export type { GatewayClock } from './clock.ts';
export type { GatewayAccount, GatewayOptions, GatewayUser } from './gateway-options.ts';
export type { ManualGatewayClock } from './manual-gateway-clock.ts';
export { manualGatewayClock } from './manual-gateway-clock.ts';
export type { RateWindow } from './http/rate-limiter.ts';
export type { Gateway } from './start-gateway.ts';
export { startGateway } from './start-gateway.ts';
export type { OrderTruth, Truth } from './truth.ts';
export type { RawRequest } from './exchange/order-record.ts';
