import { watchOpenPositions } from '../budget/watch-open-positions.ts';
import { watchHealth } from '../health/watch-health.ts';
import { logEvents } from '../log/event-lines.ts';
import { OutcomeLog } from '../log/outcome-log.ts';
import { startFields } from '../log/start-line.ts';
import { subjectOf } from '../log/subject-of.ts';
import { isSilent } from '../logger.ts';
import { defaultTimes } from '../outcomes/default-times.ts';
import { Recovery } from '../recovery/recovery.ts';
import { Rollout } from '../rollout/rollout.ts';
import { Shadow } from '../rollout/shadow.ts';
import { watchClock } from '../state/clock-watch.ts';
import { assembleParts } from './assemble-parts.ts';
import type { BrokerParts } from './broker-parts.ts';
import type { Foundations } from './foundations.ts';
import { HotpathBroker } from './hotpath-broker.ts';
import { SettlePlace } from './settle-place.ts';

/** Puts a broker together and sets it going. `onParts` is given what it is made of. Makes no request by itself before it is whole. */
export function assembleBroker<Key extends string>(
  foundations: Foundations<Key>,
  onParts?: (parts: BrokerParts<Key>) => void,
): HotpathBroker<Key> {
  const { options, roster, routing, source, sender, events, state, history, clock } = foundations;
  const { rollout, shadow, stopHealth, outcomeLog } = startObserving(foundations);
  const parts = assembleParts(
    foundations,
    { rollout, shadow, outcomeLog },
    {
      isOver: () => recovery.isOver,
      isOlder: (clientOrderId) => recovery.isOlder(clientOrderId),
      recall: (clientOrderId) => recovery.recall(clientOrderId),
    },
  );
  const settlePlace = new SettlePlace(parts);
  const recovery: Recovery<Key> = new Recovery(parts, settlePlace);
  onParts?.(parts);
  if (source) routing.follow(source, events);
  recovery.takeUp(history.places);
  holdBehindEarlierCloses(parts, foundations);
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
  logStart(foundations, broker, rollout);
  recovery.start();
  state.start();
  return broker;
}

/** Sets going what looks at the executors, the events and the outcomes from outside. */
function startObserving<Key extends string>({
  options,
  adapter,
  roster,
  routing,
  sender,
  loop,
  budget,
  events,
  book,
  state,
  history,
  clock,
  log,
}: Foundations<Key>): {
  readonly rollout: Rollout<Key>;
  readonly shadow: Shadow<Key>;
  readonly stopHealth: () => void;
  readonly outcomeLog: OutcomeLog<Key> | undefined;
} {
  const rollout = new Rollout(
    { routing, roster, journal: options.journal, book, events, clock, log },
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
  if (budget) watchOpenPositions(state, budget);
  const stopHealth = watchHealth({
    adapter,
    roster,
    sender,
    budget: budget?.budget,
    events,
    clock,
    loop,
  });
  const outcomeLog = OutcomeLog.over<Key>(log, events, (outcome) =>
    subjectOf(outcome, { adapter, book, state }),
  );
  logEvents(log, events);
  return { rollout, shadow, stopHealth, outcomeLog };
}

/** A close that a killed process had sent runs no later than one whose answer did not come. */
function holdBehindEarlierCloses<Key extends string>(
  { answerTimeoutMs, settleMs, closeGuard }: BrokerParts<Key>,
  { history, clock }: Foundations<Key>,
): void {
  const mayRunForMs = answerTimeoutMs + settleMs;
  // safeguard: no entry behind the close of a killed process
  for (const { contractId, at } of history.closes.openSince(clock.now() - mayRunForMs))
    closeGuard.hold(contractId, at + mayRunForMs - clock.now());
  // end of safeguard
}

function logStart<Key extends string>(
  { options, adapter, routing, book, latch, log }: Foundations<Key>,
  broker: HotpathBroker<Key>,
  rollout: Rollout<Key>,
): void {
  if (isSilent(log)) return;
  log.info(
    startFields({
      adapter,
      plugin: options.adapter,
      executors: options.executors,
      reports: broker.executors(),
      routing: routing.current,
      rollout: rollout.report(),
      journal: options.journal,
      limits: options.limits,
      isHalted: latch.isSet,
      open: book.unsettled().length,
    }),
    'started',
  );
}
