import type { Clock } from '../clock.ts';
import { ExecutorError } from '../errors/executor-error.ts';
import type { Endpoint } from '../executor.ts';
import { isLoopback } from '../is-loopback.ts';
import type { Logger } from '../logger.ts';
import type { ExecutorRoster, RosterEntry } from '../router/executor-roster.ts';
import type { LiveRouting } from '../routing/live-routing.ts';
import { connectExecutor } from './set-up-executors.ts';
import { isAboutCertificate, isRefusal } from './start-failure.ts';

export interface NeededExecutorsParts<Key extends string> {
  readonly endpoint: Endpoint;
  readonly roster: ExecutorRoster<Key>;
  readonly routing: LiveRouting<Key>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the waiting. */
  readonly stop: AbortSignal;
}

/** The executors that a start can't do without: the required ones, and one of them all. */
export class NeededExecutors<Key extends string> {
  readonly #parts: NeededExecutorsParts<Key>;

  constructor(parts: NeededExecutorsParts<Key>) {
    this.#parts = parts;
  }

  /** Asks those that are away to connect, unless somebody else is there and none of them is required. Never rejects. */
  async connect(): Promise<void> {
    const { roster, routing } = this.#parts;
    const away = this.#away();
    const isNeeded = away.some(({ required }) => required) || !roster.hasReady(routing.current);
    if (isNeeded) await Promise.all(away.map((entry) => connectExecutor(entry, this.#parts)));
  }

  /** Throws `ExecutorError` for what no try can mend: an executor that could not be set up, and a certificate that is refused by every one that is needed. */
  refuseHopeless(): void {
    const { roster, routing } = this.#parts;
    const entries = [...roster.entries()];
    const missing = entries.find(({ required, executor }) => required && !executor);
    if (missing)
      throw new ExecutorError('EXECUTOR_UNAVAILABLE', whyNeeded(missing, missing.reason));
    if (entries.every(({ executor }) => !executor))
      throw new ExecutorError(
        'EXECUTOR_UNAVAILABLE',
        `No executor could be set up: ${roster.whyNobody('read', routing.current)}.`,
      );
    const refusing = this.#away().filter(({ connectError }) => isAboutCertificate(connectError));
    const [first] = refusing;
    const isEnd =
      refusing.some((entry) => entry.required) ||
      entries.every((entry) => !entry.executor || refusing.includes(entry));
    if (first && isEnd)
      throw new ExecutorError(
        'CERTIFICATE_REFUSED',
        `${this.#parts.endpoint.origin.origin} has a certificate that is not accepted: ${roster.whyNobody('read', routing.current)}.`,
        { cause: first.connectError },
      );
  }

  /** Why the broker may not start yet; undefined when every required one is connected. */
  get missing(): ExecutorError | undefined {
    const missing = this.#away().find((entry) => entry.required);
    if (!missing) return undefined;
    const state = missing.executor?.state;
    return new ExecutorError(
      'EXECUTOR_UNAVAILABLE',
      whyNeeded(missing, state?.is === 'unavailable' ? state.reason : undefined),
      { cause: missing.connectError },
    );
  }

  /** Whether it is this very machine that refuses every connection. */
  get areRefusedHere(): boolean {
    const { roster, endpoint } = this.#parts;
    const entries = [...roster.entries()].filter(({ executor }) => executor);
    return (
      isLoopback(endpoint.origin) && entries.every(({ connectError }) => isRefusal(connectError))
    );
  }

  /** Those that could be used if they had a connection. */
  #away(): RosterEntry<Key>[] {
    return [...this.#parts.roster.entries()].filter(
      ({ executor }) => executor?.state.is === 'unavailable',
    );
  }
}

function whyNeeded<Key extends string>(
  { key }: RosterEntry<Key>,
  reason = 'no reason given',
): string {
  return `executors.${key} is required and can't be used: ${reason}`;
}
