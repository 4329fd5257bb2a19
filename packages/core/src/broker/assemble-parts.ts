import { ExposureBook } from '../limits/exposure.ts';
import { LimitGate } from '../limits/limit-gate.ts';
import type { OutcomeLog } from '../log/outcome-log.ts';
import { AwaitedCalls } from '../outcomes/awaited-calls.ts';
import { CloseGuard } from '../outcomes/close-guard.ts';
import { OpenUnknowns } from '../outcomes/open-unknowns.ts';
import { ChangeWatch } from '../rollout/change-watch.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Shadow } from '../rollout/shadow.ts';
import { Router } from '../router/router.ts';
import { StoryLog } from '../story/story-log.ts';
import { watchStory } from '../story/watch-story.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { BrokerTimes } from './broker-times.ts';
import { brokerTimes } from './broker-times.ts';
import type { Foundations } from './foundations.ts';
import { lookUp } from './look-up.ts';
import type { MintId } from './mint-ids.ts';
import { mintIds } from './mint-ids.ts';
import { OutcomeAnnouncer } from './outcome-announcer.ts';

/** What looks at every delivery from outside. */
export interface Observers<Key extends string> {
  readonly rollout: Rollout<Key>;
  readonly shadow: Shadow<Key>;
  readonly outcomeLog: OutcomeLog<Key> | undefined;
}

/** What the parts ask the recovery, which is made of them and comes after them. */
export interface RecoveryView {
  isOver(): boolean;
  isOlder(clientOrderId: string): boolean;
  recall(clientOrderId: string): Promise<void> | undefined;
}

/** Makes what the broker's operations share. */
export function assembleParts<Key extends string>(
  foundations: Foundations<Key>,
  observers: Observers<Key>,
  recovery: RecoveryView,
): BrokerParts<Key> {
  const { options, adapter, events, book, state, clock, log } = foundations;
  const { journal } = options;
  const times = brokerTimes(options);
  const { settleMs, lookupTimeoutMs, answerTimeoutMs } = times;
  const { exposure, limits } = limitParts(foundations, settleMs);
  const story = new StoryLog();
  watchStory({ story, state, book, events, clock });
  const announcer = new OutcomeAnnouncer<Key>(events, journal, clock, story);
  const { unknowns, awaited, changeWatch } = rowWatches(foundations, times, story, announcer);
  return {
    adapter,
    router: assembleRouter(foundations, observers, story, answerTimeoutMs),
    book,
    state,
    latch: foundations.latch,
    closeGuard: new CloseGuard(settleMs, clock),
    oco: foundations.oco,
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
    mintId: idMint(foundations, recovery),
    lookupTimeoutMs,
    outcomeWithinMs: times.outcomeWithinMs,
    repeatAfterMs: times.repeatAfterMs,
    adoptWithinMs: times.adoptWithinMs,
    isRecovering: () => !recovery.isOver(),
    recall: (clientOrderId) => recovery.recall(clientOrderId),
    reduceWith: options.reduceWith ?? 'venue-call',
    announce: (outcome) => announcer.announce(outcome),
    changeWatch,
    holdAgainst: (executor, evidence) => observers.rollout.holdAgainst(executor, evidence),
  };
}

/** The author's limits and what they are held against; neither where there are none. */
function limitParts<Key extends string>(
  { options, adapter, state, oco, clock }: Foundations<Key>,
  settleMs: number,
): Pick<BrokerParts<Key>, 'exposure' | 'limits'> {
  if (!options.limits) return { exposure: undefined, limits: undefined };
  const exposure = new ExposureBook(
    state,
    clock,
    settleMs,
    adapter.openStreams !== undefined,
    (order) => oco?.protectedBy(order) !== undefined,
  );
  return {
    exposure,
    limits: new LimitGate({ adapter, state, exposure, clock }, options.limits),
  };
}

/** What settles by the rows of orders: each is told of every row, in this order. */
function rowWatches<Key extends string>(
  { adapter, loop, state, clock, log }: Foundations<Key>,
  times: BrokerTimes,
  story: StoryLog,
  announcer: OutcomeAnnouncer<Key>,
): Pick<BrokerParts<Key>, 'unknowns' | 'awaited' | 'changeWatch'> {
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
    settleMs: times.settleMs,
    row: (orderId) => state.orders.find(orderId),
    isGaplessSince: (monotonic) => state.isGaplessSince(monotonic),
    lookUp: (orderId) =>
      lookUp(
        { adapter, state, story, clock },
        { by: 'order-id', orderId },
        { lane: 'resolve', timeoutMs: times.lookupTimeoutMs },
      ),
  });
  state.orders.onChange((order) => changeWatch.seen(order));
  return { unknowns, awaited, changeWatch };
}

function assembleRouter<Key extends string>(
  { options, adapter, roster, routing, budget, latch, events, clock, log, loop }: Foundations<Key>,
  { shadow, outcomeLog }: Observers<Key>,
  story: StoryLog,
  answerTimeoutMs: number,
): Router<Key> {
  return new Router({
    adapter,
    roster,
    routing,
    budget: budget?.budget,
    latch,
    journal: options.journal,
    events,
    clock,
    log,
    loop,
    outcomeLog,
    answerTimeoutMs,
    rateLimited: options.rateLimited ?? 'unknown',
    shadow,
    story,
    whenAllTripped: {
      entries: options.whenAllTripped?.entries ?? 'refuse',
      exits: options.whenAllTripped?.exits ?? 'use-last',
    },
  });
}

function idMint<Key extends string>(
  { options, adapter, book, clock, random }: Foundations<Key>,
  recovery: RecoveryView,
): MintId {
  return mintIds({
    capabilities: adapter.capabilities,
    given: options.generateId,
    prefix: options.journal.prefix,
    ownOco: options.ownOco !== undefined,
    clock,
    random,
    isTaken: (id) => book.find(id) !== undefined || recovery.isOlder(id),
  });
}
