import { messageOf } from './errors/message-of.ts';
import { isThenable } from './is-thenable.ts';
import { onLogFailure } from './log-failures.ts';
import type { Logger } from './logger.ts';
import { isSilent, silentLogger } from './logger.ts';

/** What of the log was lost. */
export interface LogReport {
  /** Lines that the logger could not take since the broker was made. */
  readonly lost: number;
  /** Why the last of them was lost; undefined while none was. */
  readonly because: string | undefined;
}

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** What keeps a value from being a logger, as a sentence without its subject for each missing part; none when nothing does. */
export function* loggerProblems(given: unknown): Generator<string> {
  if ((typeof given !== 'object' && typeof given !== 'function') || given === null)
    return yield 'log: must be a logger such as consoleLogger() or pino()';
  for (const level of levels) {
    try {
      if (typeof (given as Partial<Logger>)[level] !== 'function')
        yield `log.${level}: is missing; a logger has debug, info, warn and error`;
    } catch (error) {
      yield `log.${level}: can't be read (${messageOf(error)})`;
    }
  }
}

/**
 * A logger that can do no harm, in front of the author's. One that throws, rejects, or whose stream has gone loses its lines and nothing else: neither an order nor the process ends of it.
 * Everything inside a broker is given this one and trusts it. Adds one call to each line and makes nothing.
 */
export class GuardedLog {
  /** A silent one where there is none, so that who logs for every order can tell. */
  readonly log: Logger;
  readonly #stopListening: () => void;
  #lost = 0;
  #because: string | undefined;
  #onFirstLoss: ((message: string) => void) | undefined;

  constructor(given: Logger | undefined) {
    const silent = given === undefined || isSilent(given);
    this.log = silent
      ? (given ?? silentLogger)
      : {
          debug: this.#at('debug', given),
          info: this.#at('info', given),
          warn: this.#at('warn', given),
          error: this.#at('error', given),
        };
    this.#stopListening = silent ? () => undefined : onLogFailure(given, this.#failed);
  }

  /** Called once, with the reason of the first line that is lost from here on, or at once where some are lost already. Must not log. */
  onFirstLoss(listener: (message: string) => void): void {
    if (this.#because === undefined) this.#onFirstLoss = listener;
    else listener(this.#because);
  }

  report(): LogReport {
    return { lost: this.#lost, because: this.#because };
  }

  close(): void {
    this.#stopListening();
    this.#onFirstLoss = undefined;
  }

  #at(level: (typeof levels)[number], given: Logger): Logger['debug'] {
    return (fields, message) => {
      // safeguard: a logger that throws
      try {
        // By its type it gives nothing; an asynchronous one gives a promise that nobody waits for.
        const result: unknown = given[level](fields, message);
        if (result !== undefined) this.#heed(result);
      } catch (error) {
        this.#failed(error);
      }
      // end of safeguard
    };
  }

  #heed(result: unknown): void {
    // safeguard: a logger that rejects
    if (isThenable(result)) Promise.resolve(result).then(undefined, this.#failed);
  }

  readonly #failed = (error: unknown): void => {
    this.#lost += 1;
    this.#because = messageOf(error);
    const listener = this.#onFirstLoss;
    this.#onFirstLoss = undefined;
    listener?.(this.#because);
  };
}
