import type { Adapter } from '../adapter.ts';
import type { HeldBudget } from '../budget/rate-budgets.ts';
import { watchOpenPositions } from '../budget/watch-open-positions.ts';
import type { Clock } from '../clock.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { GuardedLog } from '../guarded-log.ts';
import type { Latch } from '../halt/latch.ts';
import { watchHealth } from '../health/watch-health.ts';
import { ExposureBook } from '../limits/exposure.ts';
import { LimitGate } from '../limits/limit-gate.ts';
import { logEvents } from '../log/event-lines.ts';
import { OutcomeLog } from '../log/outcome-log.ts';
import { startFields } from '../log/start-line.ts';
import { subjectOf } from '../log/subject-of.ts';
import type { Logger } from '../logger.ts';
import { isSilent } from '../logger.ts';
import type { LoopWatch } from '../loop-watch.ts';
import type { OcoBook } from '../oco/oco-book.ts';
import { AwaitedCalls } from '../outcomes/awaited-calls.ts';
import { CloseGuard } from '../outcomes/close-guard.ts';
import { defaultTimes } from '../outcomes/default-times.ts';
import { OpenUnknowns } from '../outcomes/open-unknowns.ts';
import type { Random } from '../random.ts';
import type { JournalHistory } from '../recovery/read-journal.ts';
import { Recovery } from '../recovery/recovery.ts';
import { ChangeWatch } from '../rollout/change-watch.ts';
import { Rollout } from '../rollout/rollout.ts';
import { Shadow } from '../rollout/shadow.ts';
import type { ExecutorRoster } from '../router/executor-roster.ts';
import type { ReadSender } from '../router/read-sender.ts';
import { Router } from '../router/router.ts';
import type { LiveRouting } from '../routing/live-routing.ts';
import type { RoutingSource } from '../routing/routing-source.ts';
import { watchClock } from '../state/clock-watch.ts';
import type { VenueState } from '../state/venue-state.ts';
import { StoryLog } from '../story/story-log.ts';
import { watchStory } from '../story/watch-story.ts';
import type { BrokerOptions } from './broker-options.ts';
import type { BrokerParts } from './broker-parts.ts';
import { HotpathBroker } from './hotpath-broker.ts';
import type { IntentBook } from './intent-book.ts';
import { lookUp } from './look-up.ts';
import { mintIds } from './mint-ids.ts';
import { OutcomeAnnouncer } from './outcome-announcer.ts';
import { SettlePlace } from './settle-place.ts';

/** What is there once the venue has been reached and the journal has been read. */
export interface Foundations<Key extends string> {
  readonly options: BrokerOptions<Key>;
  readonly adapter: Adapter;
  readonly roster: ExecutorRoster<Key>;
  readonly routing: LiveRouting<Key>;
  /** Where further routing tables come from. */
  readonly source: RoutingSource | undefined;
  readonly sender: ReadSender<Key>;
  readonly loop: LoopWatch;
  readonly budget: HeldBudget | undefined;
  readonly bars: HeldBudget | undefined;
  readonly events: EventHub<Key>;
  readonly book: IntentBook<Key>;
  readonly state: VenueState<Key>;
  readonly oco: OcoBook | undefined;
  readonly latch: Latch;
  readonly history: JournalHistory;
  readonly guardedLog: GuardedLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/** Puts a broker together and sets it going. `onParts` is given what it is made of. Makes no request by itself before it is whole. */
export function assembleBroker<Key extends string>(
  foundations: Foundations<Key>,
  onParts?: (parts: BrokerParts<Key>) => void,
): HotpathBroker<Key> {
  const {
    options,
    adapter,
    roster,
    routing,
    source,
    sender,
    loop,
    events,
    book,
    state,
    history,
    clock,
    log,
  } = foundations;
  const { journal } = options;
  const rollout = new Rollout(
    { routing, roster, journal, book, events, clock, log },
    history.rollout,
  );
  rollout.start();
  const shadow = new Shadow<Key>({
    roster,
    routing,
    clock,
    log,
    holdAgainst: (executor, evidence) => rollout.holdAgainst(executor, evidence),
  });
  if (foundations.budget) watchOpenPositions(state, foundations.budget);
  const stopHealth = watchHealth({
    adapter,
    roster,
    sender,
    budget: foundations.budget?.budget,
    events,
    clock,
    loop,
  });
  const outcomeLog = OutcomeLog.over<Key>(log, events, (outcome) =>
    subjectOf(outcome, { adapter, book, state }),
  );
  logEvents(log, events);
  const parts = partsOf(foundations, rollout, shadow, outcomeLog, {
    isOver: () => recovery.isOver,
    isOlder: (clientOrderId) => recovery.isOlder(clientOrderId),
    recall: (clientOrderId) => recovery.recall(clientOrderId),
  });
  const settlePlace = new SettlePlace(parts);
  const recovery: Recovery<Key> = new Recovery(parts, settlePlace);
  onParts?.(parts);
  if (source) routing.follow(source, events);
  recovery.takeUp(history.places);
  // A close that a killed process had sent runs no later than one whose answer did not come.
  const mayRunForMs = parts.answerTimeoutMs + parts.settleMs;
  // safeguard: no entry behind the close of a killed process
  for (const { contractId, at } of history.closes.openSince(clock.now() - mayRunForMs))
    parts.closeGuard.hold(contractId, at + mayRunForMs - clock.now());
  // end of safeguard
  const stopWatchingClock = watchClock(clock, (byMs, because) => {
    // What a written order's kernel still holds must not leave it now, and no order must be written on a connection that the other side may have given up.
    // safeguard: reset after a sleep
    roster.resetConnections(because);
    state.clockStepped(byMs, because);
  });
  const { budget, bars, guardedLog } = foundations;
  // Made before anything comes in: first events must find the broker whole.
  const broker = new HotpathBroker(parts, {
    roster,
    sender,
    routing,
    rollout,
    shadow,
    outcomeLog,
    stopHealth,
    stopWatchingClock,
    settlePlace,
    recovery,
    earlierChanges: history.changes.open(clock.now()),
    guardedLog,
    budget,
    bars,
    closeWithinMs: options.closeWithinMs ?? defaultTimes.closeWithinMs.ms,
    ownOco: options.ownOco,
  });
  if (!isSilent(log))
    log.info(
      startFields({
        adapter,
        plugin: options.adapter,
        executors: options.executors,
        reports: broker.executors(),
        routing: routing.current,
        rollout: rollout.report(),
        journal,
        limits: options.limits,
        isHalted: foundations.latch.isSet,
        open: book.unsettled().length,
      }),
      'started',
    );
  recovery.start();
  state.start();
  return broker;
}

function partsOf<Key extends string>(
  {
    options,
    adapter,
    roster,
    routing,
    loop,
    budget,
    events,
    book,
    state,
    oco,
    latch,
    clock,
    random,
    log,
  }: Foundations<Key>,
  rollout: Rollout<Key>,
  shadow: Shadow<Key>,
  outcomeLog: OutcomeLog<Key> | undefined,
  recovery: {
    isOver(): boolean;
    isOlder(clientOrderId: string): boolean;
    recall(clientOrderId: string): Promise<void> | undefined;
  },
): BrokerParts<Key> {
  const { journal } = options;
  const times = timesOf(options);
  const { settleMs, lookupTimeoutMs, answerTimeoutMs } = times;
  const exposure =
    options.limits &&
    new ExposureBook(
      state,
      clock,
      settleMs,
      adapter.openStreams !== undefined,
      (order) => oco?.protectedBy(order) !== undefined,
    );
  const limits =
    options.limits &&
    exposure &&
    new LimitGate({ adapter, state, exposure, clock }, options.limits);
  const story = new StoryLog();
  watchStory({ story, state, book, events, clock });
  const announcer = new OutcomeAnnouncer<Key>(events, journal, clock, story);
  const unknowns = new OpenUnknowns<Key>({
    adapter,
    clock,
    log,
    outcomeWithinMs: times.outcomeWithinMs,
    announce: (end) => announcer.resolved(end),
  });
  state.orders.onChange((order) => unknowns.seen(order));
  const awaited = new AwaitedCalls({
    adapter,
    clock,
    log,
    loop,
    lookupAfterMs: times.lookupAfterMs,
    outcomeWithinMs: times.outcomeWithinMs,
    reading: () => state.reading(),
  });
  state.orders.onChange((order) => awaited.seen(order));
  const changeWatch = new ChangeWatch({
    clock,
    settleMs,
    row: (orderId) => state.orders.find(orderId),
    isGaplessSince: (monotonic) => state.isGaplessSince(monotonic),
    lookUp: (orderId) =>
      lookUp(
        { adapter, state, story, clock },
        { by: 'order-id', orderId },
        { lane: 'resolve', timeoutMs: lookupTimeoutMs },
      ),
  });
  state.orders.onChange((order) => changeWatch.seen(order));
  const whenAllTripped = {
    entries: options.whenAllTripped?.entries ?? 'refuse',
    exits: options.whenAllTripped?.exits ?? 'use-last',
  } as const;
  return {
    adapter,
    router: new Router({
      adapter,
      roster,
      routing,
      budget: budget?.budget,
      latch,
      journal,
      events,
      clock,
      log,
      loop,
      outcomeLog,
      answerTimeoutMs,
      rateLimited: options.rateLimited ?? 'unknown',
      shadow,
      story,
      whenAllTripped,
    }),
    book,
    state,
    latch,
    closeGuard: new CloseGuard(settleMs, clock),
    oco,
    exposure,
    limits,
    unknowns,
    awaited,
    settleMs,
    answerTimeoutMs,
    events,
    journal,
    story,
    clock,
    log,
    mintId: mintIds({
      capabilities: adapter.capabilities,
      given: options.generateId,
      prefix: journal.prefix,
      ownOco: options.ownOco !== undefined,
      clock,
      random,
      isTaken: (id) => book.find(id) !== undefined || recovery.isOlder(id),
    }),
    lookupTimeoutMs,
    outcomeWithinMs: times.outcomeWithinMs,
    repeatAfterMs: times.repeatAfterMs,
    adoptWithinMs: times.adoptWithinMs,
    isRecovering: () => !recovery.isOver(),
    recall: (clientOrderId) => recovery.recall(clientOrderId),
    reduceWith: options.reduceWith ?? 'venue-call',
    announce: (outcome) => announcer.announce(outcome),
    changeWatch,
    holdAgainst: (executor, evidence) => rollout.holdAgainst(executor, evidence),
  };
}

function timesOf<Key extends string>(
  options: BrokerOptions<Key>,
): Readonly<
  Record<
    | 'answerTimeoutMs'
    | 'lookupAfterMs'
    | 'outcomeWithinMs'
    | 'repeatAfterMs'
    | 'lookupTimeoutMs'
    | 'settleMs'
    | 'adoptWithinMs',
    number
  >
> {
  const {
    answerTimeoutMs,
    lookupAfterMs,
    outcomeWithinMs,
    repeatAfterMs,
    lookupTimeoutMs,
    settleMs,
    adoptWithinMs,
  } = defaultTimes;
  return {
    answerTimeoutMs: options.answerTimeoutMs ?? answerTimeoutMs.ms,
    lookupAfterMs: options.lookupAfterMs ?? lookupAfterMs.ms,
    outcomeWithinMs: options.outcomeWithinMs ?? outcomeWithinMs.ms,
    repeatAfterMs: options.repeatAfterMs ?? repeatAfterMs.ms,
    lookupTimeoutMs: options.lookupTimeoutMs ?? lookupTimeoutMs.ms,
    settleMs: options.settleMs ?? settleMs.ms,
    adoptWithinMs: options.adoptWithinMs ?? adoptWithinMs.ms,
  };
}
