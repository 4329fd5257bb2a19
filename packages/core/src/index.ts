export type { AccountId, Brand, ClientOrderId, ContractId, OrderId } from './brand.ts';
export type { Broker, BrokerMetrics, ReadOptions, TimeSpan } from './broker/broker.ts';
export type { MarketListener, SubscribeRequest, Subscription } from './market/subscription.ts';
export type { IntentStory, IntentView, StoryRecord } from './broker/intent-view.ts';
export type { StoryLine } from './story/story-line.ts';
export type { Decision, PassedBy } from './router/decision.ts';
export type { ExitReport } from './outcomes/report.ts';
export type { Bar, BarsRequest } from './bar.ts';
export type { BudgetLease, BudgetSettlement, BudgetSource } from './budget/budget-source.ts';
export type { ShareBudget } from './budget/rate-budgets.ts';
export type { BudgetLeft, BudgetReport, BudgetSharing } from './budget/request-budget.ts';
export type {
  BrokerOptions,
  ConfiguredBrokerOptions,
  ExecutorChoice,
  RuntimeOptions,
} from './broker/broker-options.ts';
export type { RateLimited } from './outcomes/rate-limited.ts';
export type { ReduceWith } from './outcomes/reduce-with.ts';
export type { HotpathConfig, PluginChoice } from './config/hotpath-config.ts';
export type { AnyFactory, PluginKind, Registry } from './config/registry.ts';
export { createRegistry } from './config/registry.ts';
export { createBroker } from './create-broker.ts';
export type { Starting } from './start/starting.ts';
export { isAboutCertificate } from './start/start-failure.ts';
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
export type {
  CancelIntent,
  CloseIntent,
  Intent,
  ModifyIntent,
  ReduceIntent,
  ValidatedOrder,
} from './intent.ts';
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
export { DeliveryProgress } from './delivery-progress.ts';
export { setLongTimer } from './set-long-timer.ts';
export type { AwaitedAnswer } from './set-answer-timer.ts';
export { readBeforeOverdue, setAnswerTimer } from './set-answer-timer.ts';
export { setPatientTimer } from './set-patient-timer.ts';
export { setRunningTimer } from './set-running-timer.ts';
export { isLoopback } from './is-loopback.ts';
export { transportCaution } from './transport-caution.ts';
export { Redactor } from './redactor.ts';
export { bareCause } from './errors/bare-cause.ts';
export type { Answer, Delivery, Failure, FailureCode, Marks } from './delivery.ts';
export type {
  DeliverOptions,
  Endpoint,
  Executor,
  ExecutorContext,
  ExecutorState,
} from './executor.ts';
export type { FillSummary } from './fill-summary.ts';
export type { Recovered } from './recovery/recovery.ts';
export type { OcoLeg, OcoRecord } from './oco/oco-records.ts';
export type { OwnOcoOptions } from './oco/own-oco-options.ts';
export type { DailyLoss, Limits, TradingHours } from './limits/limits.ts';
export type { Evidence, StreamName } from './evidence.ts';
export type {
  Depth,
  DepthLevel,
  MarketChannel,
  MarketEvidence,
  MarketTrade,
  Quote,
} from './market-data.ts';
export type {
  Adapter,
  AdapterContext,
  AdapterReads,
  Encoded,
  Lane,
  Missing,
  SendOptions,
  Sought,
} from './adapter.ts';
export type { Finding } from './finding.ts';
export type { Capabilities, RateLimit } from './capabilities.ts';
export type { Clock, Timer } from './clock.ts';
export { systemClock } from './clock.ts';
export type { ClientOrderIdLimits, GenerateId } from './client-order-id.ts';
export { clientOrderIdProblem, toClientOrderId } from './client-order-id.ts';
export type { Random } from './random.ts';
export { systemRandom } from './random.ts';
export { decimalText } from './decimal-text.ts';
export { nearestTicks, priceOfTicks } from './tick.ts';
export type { LogLevel } from './console-logger.ts';
export { consoleLogger } from './console-logger.ts';
export type { Logger } from './logger.ts';
export type { LogReport } from './guarded-log.ts';
export { silentLogger } from './logger.ts';
export type { DamagedLines } from './journal/journal-lines.ts';
export type { LockKind } from './journal/lock/file-lock.ts';
export type { JournalHolder, LockInfo } from './journal/lock/lock-info.ts';
export type {
  ArrivalRecord,
  Journal,
  JournalClaim,
  JournalContext,
  JournalRecord,
  JournalTrouble,
  LatchRecord,
  OrderRecord,
  WithdrawalRecord,
} from './journal/journal.ts';
export type { FileJournalOptions } from './journal/file-journal.ts';
export { fileJournal } from './journal/file-journal.ts';
export type { MemoryJournalOptions } from './journal/memory-journal.ts';
export { memoryJournal } from './journal/memory-journal.ts';
export type {
  BudgetLow,
  ContractRolled,
  EventMap,
  EventName,
  ExecutorFallback,
  ExecutorHealth,
  HaltChange,
  JournalFailed,
  LogFailed,
  OrderContradicted,
  OrderSent,
  PositionSurprise,
  RolloutChanged,
  RoutingRejected,
  SessionFailed,
  PositionUpdated,
  StreamChange,
  StreamGap,
} from './events/event-map.ts';
export type { Listener } from './events/event-hub.ts';
export type { BreakerState } from './health/breaker-state.ts';
export type { HealthOptions, WhenAllTripped } from './health/health-options.ts';
export type { ExecutorReport, TrippedPolicy } from './router/executor-roster.ts';
export type { OperationReport } from './statistics/executor-statistics.ts';
export type { StagePercentiles, TallyReport } from './statistics/operation-tally.ts';
export type { Percentiles } from './statistics/latency-histogram.ts';
export type { GuardName, GuardVerdict } from './rollout/guards.ts';
export type { HardEvidence } from './rollout/hard-evidence.ts';
export type { SparseTally } from './rollout/arm-tally.ts';
export type { RampMemory } from './rollout/ramp-memory.ts';
export type { RampState, RolloutCause } from './rollout/ramp.ts';
export type { SparseWindow } from './rollout/ramp-windows.ts';
export type { RampSimulation, SimulatedArm, SimulatedRamp } from './rollout/simulate-ramp.ts';
export { simulateRamp } from './rollout/simulate-ramp.ts';
export type { ShadowReport } from './rollout/shadow.ts';
export type { RolloutReport } from './rollout/rollout.ts';
export type { RolloutLatch } from './rollout/rollout-history.ts';
export type { RolloutRecord, RolloutWindowRecord } from './rollout/rollout-records.ts';
export type { DurationText, ExcessGuard, RampConfig, RampGuards } from './rollout/ramp-config.ts';
export type { RoutingConfig, RoutingRule, StickyBy, Weights } from './routing/routing-config.ts';
export type { Assignment, RoutingKey, ShareCut } from './routing/routing-snapshot.ts';
export { assignExecutor } from './routing/assign-executor.ts';
export type {
  AdapterFactory,
  AdapterPlugin,
  AdapterSetupContext,
  ApiVersion,
  ExecutorFactory,
  ExecutorPlugin,
} from './plugin.ts';
export { apiVersion } from './plugin.ts';
export { checkFields } from './validation/check-fields.ts';
export { checkOptions } from './check-options.ts';
export type { AdapterDefinition } from './define-adapter.ts';
export { defineAdapter } from './define-adapter.ts';
export type { ExecutorDefinition } from './define-executor.ts';
export { defineExecutor } from './define-executor.ts';
export { HotpathError } from './errors/hotpath-error.ts';
export { InvalidOptionsError } from './errors/invalid-options-error.ts';
export { AdapterError } from './errors/adapter-error.ts';
export { ExecutorError } from './errors/executor-error.ts';
export { JournalError } from './errors/journal-error.ts';
export { NotAvailableError } from './errors/not-available-error.ts';
export type { ReadErrorDetails } from './errors/read-error.ts';
export { ReadError } from './errors/read-error.ts';
export { StartError } from './errors/start-error.ts';
