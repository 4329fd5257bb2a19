import type { Clock, Timer } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { messageOf } from '../errors/message-of.ts';
import { heed } from '../is-thenable.ts';
import type { Logger } from '../logger.ts';
import { shown } from '../validation/field-problem.ts';

/** One for each clock: brokers on one clock share what they hold by it. */
const guarded = new WeakMap<Clock, Clock>();

/** A clock that can do no harm, in front of one that an author wrote: where that throws or gives no time, the last time stands, and a timer is the system's. The system's own clock is given as it is. */
export function guardClock(given: Clock | undefined, log: Logger): Clock {
  if (given === undefined || given === systemClock) return systemClock;
  const known = guarded.get(given);
  if (known) return known;
  const made = new GuardedClock(given, log);
  guarded.set(given, made);
  return made;
}

class GuardedClock implements Clock {
  readonly #inner: Clock;
  readonly #log: Logger;
  #now: number;
  #monotonic = -Infinity;
  #isTold = false;

  constructor(inner: Clock, log: Logger) {
    this.#inner = inner;
    this.#log = log;
    this.#now = systemClock.now();
  }

  now(): number {
    // safeguard: a clock that throws
    try {
      const now: unknown = this.#inner.now();
      if (typeof now === 'number' && Number.isFinite(now)) return (this.#now = now);
      heed(now);
      this.#failed('now', shown(now));
    } catch (error) {
      this.#failed('now', messageOf(error));
    }
    // end of safeguard
    return this.#now;
  }

  /** Never goes back, whatever the author's does: what is counted by it would never end. */
  monotonic(): number {
    try {
      const now: unknown = this.#inner.monotonic();
      if (typeof now === 'number' && Number.isFinite(now))
        this.#monotonic = Math.max(this.#monotonic, now);
      else {
        heed(now);
        this.#failed('monotonic', shown(now));
      }
    } catch (error) {
      this.#failed('monotonic', messageOf(error));
    }
    return this.#monotonic === -Infinity ? 0 : this.#monotonic;
  }

  /** Fires once, and never within the call: whoever sets a timer anew when it fires would not come out of it. */
  setTimer(afterMs: number, fire: () => void): Timer {
    let isSet = false;
    let isOver = false;
    const once = (): void => {
      if (isOver) return;
      if (!isSet) return void systemClock.setTimer(0, once);
      isOver = true;
      fire();
    };
    let timer: unknown;
    try {
      timer = this.#inner.setTimer(afterMs, once);
      heed(timer);
    } catch (error) {
      this.#failed('setTimer', messageOf(error));
      timer = systemClock.setTimer(afterMs, once);
    }
    isSet = true;
    return {
      cancel: () => {
        isOver = true;
        try {
          heed((timer as Timer).cancel());
        } catch (error) {
          this.#failed('cancel', messageOf(error));
        }
      },
    };
  }

  #failed(what: string, problem: string): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#log.error(
      { clock: what, problem },
      'the clock that was given to the broker does not work; the last time it told stands',
    );
  }
}
