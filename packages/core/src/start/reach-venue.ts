import type { Adapter, AdapterContext } from '../adapter.ts';
import type { Clock } from '../clock.ts';
import { AdapterError } from '../errors/adapter-error.ts';
import { ExecutorError } from '../errors/executor-error.ts';
import { messageOf } from '../errors/message-of.ts';
import { longestRetryAfterMs, retryAfterOf } from '../errors/retry-after.ts';
import type { Logger } from '../logger.ts';
import type { Random } from '../random.ts';
import { setPatientTimer } from '../set-patient-timer.ts';
import type { NeededExecutors } from './needed-executors.ts';
import { mayPass } from './start-failure.ts';
import {
  firstTryWithinMs,
  lastTryMs,
  refusedHereWithinMs,
  startPauseMs,
  startWithinMs,
} from './start-limits.ts';
import type { StartingBroker } from './starting-broker.ts';
import { triedFor } from './tried-for.ts';

export interface VenueReach<Key extends string> {
  readonly adapter: Adapter;
  readonly context: AdapterContext;
  readonly executors: NeededExecutors<Key>;
  readonly starting: StartingBroker;
  /** The author's limit; undefined: the preset ones. */
  readonly withinMs: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}

/**
 * Connects the adapter: again and again until it is there, the limit is reached, the start is given up, or something is said that another try can't mend.
 * Rejects with what ended it, which says what has been tried for how long and why it failed.
 */
export async function reachVenue<Key extends string>(reach: VenueReach<Key>): Promise<void> {
  const { adapter, executors, starting, log } = reach;
  const venue = adapter.endpoint.origin.origin;
  let last: unknown;
  let isConnected = false;
  for (let failures = 0; ;) {
    starting.tryBegins();
    if (failures > 0) await executors.connect();
    starting.refuseWhenStopped();
    // safeguard: what no try can mend ends a start
    executors.refuseHopeless();
    const unconnected: FailedTry | undefined = isConnected
      ? undefined
      : await connectAdapter(reach, failures === 0);
    starting.refuseWhenStopped();
    isConnected ||= !unconnected;
    // safeguard: a required executor is waited for
    const failure = unconnected ?? missingOf(executors);
    if (!failure) {
      if (failures > 0)
        log.info(
          { venue, attempts: starting.attempts, afterMs: Math.round(starting.elapsedMs) },
          'the venue was reached',
        );
      return;
    }
    failures += 1;
    if (failure.wasCut) throw unreached(reach, last ?? failure.error);
    // safeguard: a start is tried again
    if (!mayPass(failure.error, last)) throw failure.error;
    last = failure.error;
    starting.tryFailed(messageOf(last));
    const pauseMs = pauseBeforeNext(reach, failures, last);
    if (pauseMs === undefined) throw unreached(reach, last);
    log.warn(
      {
        venue,
        attempts: starting.attempts,
        because: messageOf(last),
        againInMs: Math.round(pauseMs),
      },
      'the venue could not be reached; the start goes on trying',
    );
    await pause(reach, pauseMs);
    starting.refuseWhenStopped();
  }
}

interface FailedTry {
  readonly error: unknown;
  /** The limit came before the answer. */
  readonly wasCut: boolean;
}

function missingOf<Key extends string>({ missing }: NeededExecutors<Key>): FailedTry | undefined {
  return missing && { error: missing, wasCut: false };
}

/** Undefined when it is connected. */
function connectAdapter<Key extends string>(
  reach: VenueReach<Key>,
  isFirst: boolean,
): Promise<FailedTry | undefined> {
  const { adapter, context, starting, clock } = reach;
  const leftMs = Math.max(limitMs(reach), isFirst ? firstTryWithinMs : 0) - starting.elapsedMs;
  return new Promise((resolve) => {
    const end = (failure?: FailedTry): void => {
      timer.cancel();
      starting.stop.removeEventListener('abort', cut);
      resolve(failure);
    };
    const cut = (): void =>
      end({
        error: new AdapterError('VENUE_UNREACHABLE', 'no answer came in that time'),
        wasCut: true,
      });
    const timer = setPatientTimer(clock, leftMs, cut);
    starting.stop.addEventListener('abort', cut);
    const connect = async (): Promise<void> => adapter.connect(context);
    connect().then(
      () => end(),
      (error: unknown) => end({ error, wasCut: false }),
    );
  });
}

/** Milliseconds until the next try; undefined when there is no time for another. */
function pauseBeforeNext<Key extends string>(
  reach: VenueReach<Key>,
  failures: number,
  last: unknown,
): number | undefined {
  const { elapsedMs } = reach.starting;
  const limit = limitMs(reach);
  const leftMs = limit - elapsedMs - Math.min(lastTryMs, limit / 10);
  if (leftMs <= 0) return undefined;
  // safeguard: a start waits for as long as the venue said
  const askedForMs = Math.min(retryAfterOf(last) ?? 0, longestRetryAfterMs);
  return Math.min(Math.max(startPauseMs(failures, elapsedMs, reach.random), askedForMs), leftMs);
}

/** While this machine itself refuses the connection the preset limit is a shorter one. */
function limitMs<Key extends string>({ withinMs, executors }: VenueReach<Key>): number {
  return withinMs ?? (executors.areRefusedHere ? refusedHereWithinMs : startWithinMs);
}

/** Waits, unless the start is given up. */
function pause<Key extends string>(
  { starting, clock }: VenueReach<Key>,
  milliseconds: number,
): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      starting.stop.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.setTimer(Math.ceil(milliseconds), end);
    starting.stop.addEventListener('abort', end);
  });
}

function unreached<Key extends string>(
  { adapter, starting }: VenueReach<Key>,
  last: unknown,
): Error {
  const message = `${adapter.endpoint.origin.origin} could not be reached in ${triedFor(starting)}: ${messageOf(last)}`;
  return last instanceof ExecutorError
    ? new ExecutorError(last.code, message, { cause: last })
    : new AdapterError('VENUE_UNREACHABLE', message, { cause: last });
}
