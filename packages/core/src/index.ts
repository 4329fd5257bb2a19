export type { AccountId, Brand, ClientOrderId, ContractId, OrderId } from './brand.ts';
export type { Account } from './account.ts';
export type { Contract } from './contract.ts';
export type { Position } from './position.ts';
export type { Trade } from './trade.ts';
export type {
  Bracket,
  CancelRequest,
  CloseRequest,
  IntentOptions,
  LimitOrderRequest,
  MarketOrderRequest,
  ModifyRequest,
  OrderChange,
  OrderFields,
  OrderRef,
  OrderRequest,
  OrderType,
  ReduceRequest,
  Side,
  StopOrderRequest,
  Trail,
  TrailingStopOrderRequest,
} from './order-request.ts';
export type { Order, OrderStatus } from './order.ts';
export { isFinal } from './order.ts';
export type { CancelIntent, CloseIntent, Intent, ModifyIntent, ReduceIntent, ValidatedOrder } from './intent.ts';
export type { Mutation, Operation } from './operation.ts';
export type {
  Cancelled,
  CancelOutcome,
  Closed,
  CloseOutcome,
  Modified,
  ModifyOutcome,
  NotSent,
  Outcome,
  OutcomeKind,
  Placed,
  PlaceOutcome,
  Rejected,
  Retry,
  Timings,
  Unknown,
  Unsettled,
} from './outcome.ts';
export type { NotSentCode, OutcomeCode, RejectedCode, UnknownCode } from './outcome-codes.ts';
export type { AmbiguityCode, RefusalCode, Verdict } from './verdict.ts';
export { Authorization } from './authorization.ts';
export type { PreparedRequest, RequestTemplate } from './request.ts';
export type { Answer, Delivery, Failure, FailureCode, Marks } from './delivery.ts';
export type { DeliverOptions, Endpoint, Executor, ExecutorContext, ExecutorState } from './executor.ts';
export type { Adapter, AdapterContext, AdapterReads, Encoded, Lane, Missing, SendOptions, Sought } from './adapter.ts';
export type { Finding } from './finding.ts';
export type { Capabilities, RateLimit } from './capabilities.ts';
export type { Clock, Timer } from './clock.ts';
export { systemClock } from './clock.ts';
export type { Logger } from './logger.ts';
export { silentLogger } from './logger.ts';
export type { Journal, JournalRecord } from './journal/journal.ts';
export type { AdapterFactory, AdapterPlugin, AdapterSetupContext, ApiVersion, ExecutorFactory, ExecutorPlugin } from './plugin.ts';
export { apiVersion } from './plugin.ts';
export type { AdapterDefinition } from './define-adapter.ts';
export { defineAdapter } from './define-adapter.ts';
export type { ExecutorDefinition } from './define-executor.ts';
export { defineExecutor } from './define-executor.ts';
export { HotpathError } from './errors/hotpath-error.ts';
export { InvalidOptionsError } from './errors/invalid-options-error.ts';
