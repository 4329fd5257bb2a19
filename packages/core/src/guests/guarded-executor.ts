import type { Clock } from '../clock.ts';
import type { Delivery } from '../delivery.ts';
import { messageOf } from '../errors/message-of.ts';
import type { DeliverOptions, Executor, ExecutorState } from '../executor.ts';
import { isThenable } from '../is-thenable.ts';
import type { Logger } from '../logger.ts';
import type { PreparedRequest } from '../request.ts';
import { shown } from '../validation/field-problem.ts';
import { spanText, withinLimit } from './within-limit.ts';

/** Milliseconds that closing may take: what an executor still holds then is told as unknown. */
const closeWithinMs = 3_000;
/** Milliseconds that encoding in shadow may take. */
const encodeWithinMs = 1_000;
const states: ReadonlySet<unknown> = new Set(['ready', 'connecting', 'unavailable', 'closed']);

interface ExecutorGuardParts {
  /** The author's name for it. */
  readonly key: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * An executor whose hooks can do no harm, in front of one that an author wrote. Throws a sentence for what is no executor.
 * `deliver` is handed on as it is, since nothing may stand between an order and its write: whoever calls it holds what it gives against `deliveryProblem`.
 */
export function guardExecutor(given: unknown, parts: ExecutorGuardParts): Executor {
  const missing = ['connect', 'deliver', 'close'].filter((name) => !hasMethod(given, name));
  if (!isExecutor(given) || missing.length > 0)
    throw new TypeError(
      `setup gave ${shown(given)}, must be an executor${typeof given === 'object' && given !== null ? `; it lacks ${missing.join(', ')}` : ''}`,
    );
  return new GuardedExecutor(given, parts);
}

class GuardedExecutor implements Executor {
  declare readonly encode?: NonNullable<Executor['encode']>;
  declare readonly reset?: NonNullable<Executor['reset']>;
  readonly #inner: Executor;
  readonly #parts: ExecutorGuardParts;

  constructor(inner: Executor, parts: ExecutorGuardParts) {
    this.#inner = inner;
    this.#parts = parts;
    if (hasMethod(inner, 'encode')) this.encode = (request) => this.#encode(request);
    if (hasMethod(inner, 'reset')) this.reset = (because) => this.#reset(because);
  }

  async connect(): Promise<void> {
    await this.#inner.connect();
  }

  deliver(request: PreparedRequest, options: DeliverOptions): Promise<Delivery> {
    return this.#inner.deliver(request, options);
  }

  get state(): ExecutorState {
    // safeguard: a state that throws
    try {
      const state: unknown = this.#inner.state;
      return isState(state) ? state : unreadable(`its state is ${shown(state)}`);
    } catch (error) {
      return unreadable(`its state can't be read (${messageOf(error)})`);
    }
    // end of safeguard
  }

  /** Never rejects. */
  async close(): Promise<void> {
    const { key, clock, log } = this.#parts;
    try {
      await withinLimit(
        () => this.#inner.close(),
        closeWithinMs,
        clock,
        () => new Error(`close did not end in ${spanText(closeWithinMs)}`),
      );
    } catch (error) {
      log.error({ executor: key, error }, 'an executor could not be closed');
    }
  }

  async #encode(request: PreparedRequest): Promise<Uint8Array> {
    const { clock } = this.#parts;
    const bytes: unknown = await withinLimit(
      () => this.#inner.encode?.(request),
      encodeWithinMs,
      clock,
      () => new Error(`encode did not end in ${spanText(encodeWithinMs)}`),
    );
    if (!(bytes instanceof Uint8Array))
      throw new TypeError(`encode gave ${shown(bytes)}, must be bytes`);
    return bytes;
  }

  #reset(because: string): void {
    const { key, log } = this.#parts;
    const failed = (error: unknown): void =>
      log.error({ executor: key, error }, 'the connections of an executor could not be reset');
    // safeguard: a reset that throws
    try {
      const result: unknown = this.#inner.reset?.(because);
      if (isThenable(result)) Promise.resolve(result).then(undefined, failed);
    } catch (error) {
      failed(error);
    }
    // end of safeguard
  }
}

type None<Member extends never> = Member;
/** No member that is added later is left out: this does not compile then. */
export type UnguardedOfExecutor = None<Exclude<keyof Executor, keyof GuardedExecutor>>;

function unreadable(reason: string): ExecutorState {
  return { is: 'unavailable', reason };
}

function isState(state: unknown): state is ExecutorState {
  if (typeof state !== 'object' || state === null || !('is' in state) || !states.has(state.is))
    return false;
  return state.is !== 'unavailable' || ('reason' in state && typeof state.reason === 'string');
}

function isExecutor(given: unknown): given is Executor {
  return typeof given === 'object' && given !== null;
}

function hasMethod(given: unknown, name: string): boolean {
  return (
    typeof given === 'object' &&
    given !== null &&
    name in given &&
    typeof (given as Readonly<Record<string, unknown>>)[name] === 'function'
  );
}
