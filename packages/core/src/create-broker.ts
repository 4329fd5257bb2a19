import type { Adapter, AdapterContext } from './adapter.ts';
import type { Broker } from './broker/broker.ts';
import type { BrokerOptions, ConfiguredBrokerOptions, ExecutorChoice } from './broker/broker-options.ts';
import type { BrokerParts } from './broker/broker-parts.ts';
import { checkBrokerOptions } from './broker/check-broker-options.ts';
import { HotpathBroker } from './broker/hotpath-broker.ts';
import { IntentBook } from './broker/intent-book.ts';
import { OutcomeAnnouncer } from './broker/outcome-announcer.ts';
import { SettlePlace } from './broker/settle-place.ts';
import { createIdGenerator } from './client-order-id.ts';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import { resolveConfig } from './config/resolve-config.ts';
import { tellOfCopies } from './core-copies.ts';
import { InvalidOptionsError } from './errors/invalid-options-error.ts';
import { GuardedLog } from './guarded-log.ts';
import { Latch } from './halt/latch.ts';
import { ExposureBook } from './limits/exposure.ts';
import { contractProblems } from './limits/contract-problems.ts';
import { LimitGate } from './limits/limit-gate.ts';
import { ExecutorError } from './errors/executor-error.ts';
import { OcoBook } from './oco/oco-book.ts';
import { EventHub } from './events/event-hub.ts';
import type { Endpoint } from './executor.ts';
import { ExecutorHealth } from './health/executor-health.ts';
import type { HealthSettings } from './health/health-options.ts';
import { healthSettings } from './health/health-options.ts';
import { watchHealth } from './health/watch-health.ts';
import { journalScope } from './journal/journal-scope.ts';
import { accountLogger } from './log/account-logger.ts';
import { logEvents } from './log/event-lines.ts';
import { OutcomeLog } from './log/outcome-log.ts';
import { startFields } from './log/start-line.ts';
import { subjectOf } from './log/subject-of.ts';
import type { Logger } from './logger.ts';
import { isSilent } from './logger.ts';
import { modeLogger } from './mode-logger.ts';
import { CloseGuard } from './outcomes/close-guard.ts';
import { AwaitedCalls } from './outcomes/awaited-calls.ts';
import { defaultTimes } from './outcomes/default-times.ts';
import { OpenUnknowns } from './outcomes/open-unknowns.ts';
import type { ExecutorPlugin } from './plugin.ts';
import { systemRandom } from './random.ts';
import { holdBudget } from './budget/rate-budgets.ts';
import { watchOpenPositions } from './budget/watch-open-positions.ts';
import type { RosterEntry } from './router/executor-roster.ts';
import { readJournal } from './recovery/read-journal.ts';
import { Recovery } from './recovery/recovery.ts';
import { lookUp } from './broker/look-up.ts';
import { ChangeWatch } from './rollout/change-watch.ts';
import { Rollout } from './rollout/rollout.ts';
import { Shadow } from './rollout/shadow.ts';
import { ExecutorRoster, rosterEntry } from './router/executor-roster.ts';
import { ReadSender } from './router/read-sender.ts';
import { Router } from './router/router.ts';
import { LiveRouting } from './routing/live-routing.ts';
import { RoutingFile } from './routing/routing-file.ts';
import type { RoutingSource } from './routing/routing-source.ts';
import { iteratorSource } from './routing/routing-source.ts';
import { watchClock } from './state/clock-watch.ts';
import { isMintedUnder, isOurs } from './state/is-ours.ts';
import { StoryLog } from './story/story-log.ts';
import { watchStory } from './story/watch-story.ts';
import { VenueState } from './state/venue-state.ts';

/**
 * Connects one account: sets up the executors, logs in, and opens the journal.
 * Rejects with `InvalidOptionsError`, `AdapterError`, `ExecutorError` (a required executor) or `JournalError`, and leaves nothing open when it does.
 */
export function createBroker<Key extends string>(options: BrokerOptions<Key>): Promise<Broker<Key>>;
/** The same from a config file and a registry. */
export function createBroker(options: ConfiguredBrokerOptions): Promise<Broker>;
export async function createBroker(options: BrokerOptions<string> | ConfiguredBrokerOptions): Promise<Broker> {
  return connectBroker(isConfigured(options) ? await resolveConfig(options) : options);
}

function isConfigured(options: BrokerOptions<string> | ConfiguredBrokerOptions): options is ConfiguredBrokerOptions {
  return typeof options === 'object' && options !== null && 'config' in options;
}

/** `onParts` is given what the broker is made of, for tests of what has no door of its own. */
export async function connectBroker<Key extends string>(givenOptions: BrokerOptions<Key>, onParts?: (parts: BrokerParts<Key>) => void): Promise<Broker<Key>> {
  const options = checkBrokerOptions(givenOptions);
  const { clock = systemClock, random = systemRandom, journal } = options;
  const guardedLog = new GuardedLog(options.log);
  const { log: given, name: nameAccount } = accountLogger(guardedLog.log);
  tellOfCopies(given);
  const keys = keysOf(options.executors);
  const { first, source } = await routingTables(options.routing, clock, given);
  const routing = new LiveRouting(first, keys, given);
  const adapter = await options.adapter.setup({ clock, log: given });
  const log = modeLogger(given, adapter.mode);
  const roster = new ExecutorRoster(await setUpExecutors(options.executors, keys, adapter.endpoint, healthSettings(options.health), clock, log).catch(leaving(adapter)), adapter.mode);
  const { rateLimit, barsRateLimit } = adapter.capabilities;
  const share = options.shareBudget ?? 'process';
  const held = rateLimit && (await holdBudget(adapter.login, rateLimit, share, clock, random, log).catch(leaving(adapter, roster)));
  const heldBars = barsRateLimit && (await holdBudget(`${adapter.login} bars`, { ...barsRateLimit, reads: barsRateLimit.requests }, share === 'machine' ? share : 'process', clock, random, log).catch(leaving(adapter, roster, { close: async () => held?.release() })));
  try {
    const budget = held?.budget;
    const sender = new ReadSender(roster, routing, { general: budget, bars: heldBars?.budget }, clock, log);
    const events = new EventHub<Key>(log);
    const book = new IntentBook<Key>(clock, (orderId) => state.orders.isOpen(orderId), (clientOrderId) => isMintedUnder(journal, clientOrderId));
    let oco: OcoBook | undefined;
    const state: VenueState<Key> = new VenueState<Key>({
      adapter,
      events,
      clock,
      log,
      isOurs: (order) => isOurs(order, book, journal) || oco?.protectedBy(order) !== undefined,
      parentOf: (order) => oco?.parentOf(order),
    });
    const context: AdapterContext = {
      send: (request, sendOptions) => sender.send(request, sendOptions),
      throttled: (retryAfterMs) => budget?.throttled(retryAfterMs),
      evidence: (item) => state.evidence(item),
      clock,
      random,
      log,
    };
    await adapter.connect(context);
    nameAccount(adapter.account.name);
    sender.started();
    refuseUnkeepable(options, adapter);
    await journal.open(journalScope(adapter), { log, clock, adapter: options.adapter.pluginName, baseUrl: adapter.endpoint.origin.origin });
    const history = await readJournal(journal);
    const rollout = new Rollout({ routing, roster, journal, book, events, clock, log }, history.rollout);
    rollout.start();
    const shadow = new Shadow<Key>({ roster, routing, clock, log, holdAgainst: (executor, evidence) => rollout.holdAgainst(executor, evidence) });
    if (held) watchOpenPositions(state, held);
    const stopHealth = watchHealth({ adapter, roster, sender, budget, events, clock });
    const latch = new Latch(journal, clock, history.isHalted);
    oco = options.ownOco && new OcoBook(journal, clock, history.protectedEntries.list());
    const exposure = options.limits && new ExposureBook(state, clock, options.settleMs ?? defaultTimes.settleMs.ms, adapter.openStreams !== undefined, (order) => oco?.protectedBy(order) !== undefined);
    const limits = options.limits && exposure && new LimitGate({ adapter, state, exposure, clock }, options.limits);
    const outcomeLog = OutcomeLog.over<Key>(log, events, (outcome) => subjectOf(outcome, { adapter, book, state }));
    logEvents(log, events);
    const story = new StoryLog();
    watchStory({ story, state, book, events, clock });
    const announcer = new OutcomeAnnouncer<Key>(events, journal, clock, story);
    const unknowns = new OpenUnknowns<Key>({ adapter, clock, log, outcomeWithinMs: options.outcomeWithinMs ?? defaultTimes.outcomeWithinMs.ms, announce: (end) => announcer.resolved(end) });
    state.orders.onChange((order) => unknowns.seen(order));
    const awaited = new AwaitedCalls({
      adapter,
      clock,
      log,
      lookupAfterMs: options.lookupAfterMs ?? defaultTimes.lookupAfterMs.ms,
      outcomeWithinMs: options.outcomeWithinMs ?? defaultTimes.outcomeWithinMs.ms,
      seen: (order) => state.seen(order),
    });
    state.orders.onChange((order) => awaited.seen(order));
    const changeWatch = new ChangeWatch({
      clock,
      settleMs: options.settleMs ?? defaultTimes.settleMs.ms,
      row: (orderId) => state.orders.find(orderId),
      isGaplessSince: (monotonic) => state.isGaplessSince(monotonic),
      lookUp: (orderId) => lookUp({ adapter, state, story, clock }, { by: 'order-id', orderId }, { lane: 'resolve', timeoutMs: options.lookupTimeoutMs ?? defaultTimes.lookupTimeoutMs.ms }),
    });
    state.orders.onChange((order) => changeWatch.seen(order));
    const parts: BrokerParts<Key> = {
      adapter,
      router: new Router({
        adapter,
        roster,
        routing,
        budget,
        latch,
        journal,
        events,
        clock,
        outcomeLog,
        answerTimeoutMs: options.answerTimeoutMs ?? defaultTimes.answerTimeoutMs.ms,
        rateLimited: options.rateLimited ?? 'unknown',
        shadow,
        story,
        whenAllTripped: { entries: options.whenAllTripped?.entries ?? 'refuse', exits: options.whenAllTripped?.exits ?? 'use-last' },
      }),
      book,
      state,
      latch,
      closeGuard: new CloseGuard(options.settleMs ?? defaultTimes.settleMs.ms, clock),
      oco,
      exposure,
      limits,
      unknowns,
      awaited,
      settleMs: options.settleMs ?? defaultTimes.settleMs.ms,
      answerTimeoutMs: options.answerTimeoutMs ?? defaultTimes.answerTimeoutMs.ms,
      events,
      journal,
      story,
      clock,
      log,
      generateId: options.generateId ?? createIdGenerator(journal.prefix, clock, random),
      lookupTimeoutMs: options.lookupTimeoutMs ?? defaultTimes.lookupTimeoutMs.ms,
      outcomeWithinMs: options.outcomeWithinMs ?? defaultTimes.outcomeWithinMs.ms,
      repeatAfterMs: options.repeatAfterMs ?? defaultTimes.repeatAfterMs.ms,
      adoptWithinMs: options.adoptWithinMs ?? defaultTimes.adoptWithinMs.ms,
      isRecovering: () => !recovery.isOver,
      recall: (clientOrderId) => recovery.recall(clientOrderId),
      reduceWith: options.reduceWith ?? 'venue-call',
      announce: (outcome) => announcer.announce(outcome),
      changeWatch,
      holdAgainst: (executor, evidence) => rollout.holdAgainst(executor, evidence),
    };
    const settlePlace = new SettlePlace(parts);
    const recovery = new Recovery(parts, settlePlace);
    onParts?.(parts);
    if (source) routing.follow(source, events);
    recovery.takeUp(history.places);
    // A close that a killed process had sent runs no later than one whose answer did not come.
    const mayRunForMs = parts.answerTimeoutMs + parts.settleMs;
    // safeguard: no entry behind the close of a killed process
    for (const { contractId, at } of history.closes.openSince(clock.now() - mayRunForMs)) parts.closeGuard.hold(contractId, at + mayRunForMs - clock.now());
    const stopWatchingClock = watchClock(clock, (byMs, because) => {
      // What a written order's kernel still holds must not leave it now, and no order must be written on a connection that the other side may have given up.
      // safeguard: reset after a sleep
      roster.resetConnections(because);
      state.clockStepped(byMs, because);
    });
    // Made before anything comes in: first events must find the broker whole.
    const broker = new HotpathBroker(parts, { roster, sender, routing, rollout, shadow, outcomeLog, stopHealth, stopWatchingClock, settlePlace, recovery, earlierChanges: history.changes.open(clock.now()), guardedLog, budget: held, bars: heldBars, closeWithinMs: options.closeWithinMs ?? defaultTimes.closeWithinMs.ms, ownOco: options.ownOco });
    if (!isSilent(log)) log.info(startFields({ adapter, plugin: options.adapter, executors: options.executors, reports: broker.executors(), routing: routing.current, rollout: rollout.report(), journal, limits: options.limits, isHalted: latch.isSet, open: book.unsettled().length }), 'started');
    recovery.start();
    state.start();
    return broker;
  } catch (error) {
    await Promise.allSettled([held?.release(), heldBars?.release(), adapter.close(), roster.close(), journal.close()]);
    throw error;
  }
}

/** Closes what is open when the next step fails: an adapter may have more than memory from its set-up on. */
function leaving(...open: readonly { close(): Promise<void> }[]): (error: unknown) => Promise<never> {
  return async (cause) => {
    await Promise.allSettled(open.map((each) => each.close()));
    throw cause;
  };
}

/** What could not be held to would be a promise that is not kept. */
function refuseUnkeepable({ limits, ownOco }: Pick<BrokerOptions<string>, 'limits' | 'ownOco'>, adapter: Adapter): void {
  const problems: string[] = [];
  if (limits) problems.push(...contractProblems(limits, (symbol) => adapter.contract(symbol)));
  if (limits?.dailyLoss && !adapter.openStreams) problems.push('limits.dailyLoss: needs an adapter with an order stream');
  if (limits?.priceBandTicks !== undefined && !adapter.watchMarket) problems.push('limits.priceBandTicks: needs an adapter with market data');
  if (ownOco && !adapter.openStreams) problems.push('ownOco: needs an adapter with an order stream');
  if (ownOco && adapter.capabilities.modify === 'none') problems.push('ownOco: needs an adapter that modifies orders in place');
  if (problems.length > 0) throw new InvalidOptionsError('createBroker', problems);
}

/** The table to begin with, and where others come from. */
async function routingTables(routing: BrokerOptions<string>['routing'], clock: Clock, log: Logger): Promise<{ readonly first: unknown; readonly source: RoutingSource | undefined }> {
  if (typeof routing === 'string') return RoutingFile.open(routing, clock, log);
  if (!(Symbol.asyncIterator in routing)) return { first: routing, source: undefined };
  const tables = routing[Symbol.asyncIterator]();
  const { value } = await tables.next();
  return { first: value, source: iteratorSource(tables, log) };
}

function keysOf<Key extends string>(executors: Readonly<Record<Key, unknown>>): Key[] {
  const keys: Key[] = [];
  for (const key in executors) keys.push(key);
  return keys;
}

async function setUpExecutors<Key extends string>(
  executors: BrokerOptions<Key>['executors'],
  keys: readonly Key[],
  endpoint: Endpoint,
  health: HealthSettings,
  clock: Clock,
  log: Logger,
): Promise<RosterEntry<Key>[]> {
  const entries = await Promise.all(
    keys.map(async (key) => {
      const { use, required = false } = choiceOf(executors[key]);
      const entry = await setUpExecutor(key, use, endpoint, new ExecutorHealth(health, clock), clock, log);
      return { entry, failed: required && entry.reason !== undefined };
    }),
  );
  const [failure] = entries.filter(({ failed }) => failed);
  if (!failure) return entries.map(({ entry }) => entry);
  await Promise.allSettled(entries.map(async ({ entry }) => entry.executor?.close()));
  throw new ExecutorError('EXECUTOR_UNAVAILABLE', `executors.${failure.entry.key} is required and can't be used: ${failure.entry.reason ?? 'no reason given'}`);
}

/** An executor that can't be set up or connected now is kept out of the way, not in it: the broker starts with the others. */
async function setUpExecutor<Key extends string>(
  key: Key,
  plugin: ExecutorPlugin,
  endpoint: Endpoint,
  health: ExecutorHealth,
  clock: Clock,
  log: Logger,
): Promise<RosterEntry<Key>> {
  let reason: string;
  try {
    const executor = await plugin.setup({ key, endpoint, clock, log });
    try {
      await executor.connect();
      return rosterEntry(key, plugin.pluginName, executor, health);
    } catch (error) {
      // Its own state says whether it comes back; it stays in the roster so that it can.
      reason = error instanceof Error ? error.message : String(error);
      log.warn({ executor: key, error }, 'an executor could not connect');
      return rosterEntry(key, plugin.pluginName, executor, health, reason);
    }
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error);
    log.error({ executor: key, error }, 'an executor could not be set up');
    return rosterEntry(key, plugin.pluginName, undefined, health, reason);
  }
}

function choiceOf(choice: ExecutorPlugin | ExecutorChoice): ExecutorChoice {
  return 'use' in choice ? choice : { use: choice };
}
