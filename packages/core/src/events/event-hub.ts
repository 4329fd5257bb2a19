import { EventEmitter } from 'eventemitter3';
import type { Logger } from '../logger.ts';
import { isThenable } from '../is-thenable.ts';
import type { EventMap } from './event-map.ts';

/** Called with an event's payload; what it returns is not looked at, but a rejected promise is logged. */
export type Listener<Payload> = (payload: Payload) => unknown;

/** Typed events whose listeners can do no harm: one that throws or rejects is logged, and the others are called all the same. */
export class EventHub<Key extends string> {
  readonly #emitter = new EventEmitter();
  readonly #log: Logger;
  /** What was registered in place of each listener, so that `off` finds it. */
  readonly #guards = new Map<string, Map<Listener<never>, Listener<never>>>();

  constructor(log: Logger) {
    this.#log = log;
  }

  emit<Name extends keyof EventMap<Key>>(name: Name, payload: EventMap<Key>[Name]): void {
    this.#emitter.emit(name, payload);
  }

  /** Whether anybody listens: lets the caller skip making a payload. */
  heeds(name: keyof EventMap<Key>): boolean {
    return this.#emitter.listenerCount(name) > 0;
  }

  on<Name extends keyof EventMap<Key>>(name: Name, listener: Listener<EventMap<Key>[Name]>): void {
    const guards = this.#guards.get(name) ?? new Map<Listener<never>, Listener<never>>();
    this.#guards.set(name, guards);
    if (guards.has(listener)) return;
    const guard = (payload: EventMap<Key>[Name]): void => this.#call(name, listener, payload);
    guards.set(listener, guard);
    this.#emitter.on(name, guard);
  }

  once<Name extends keyof EventMap<Key>>(
    name: Name,
    listener: Listener<EventMap<Key>[Name]>,
  ): void {
    const once = (payload: EventMap<Key>[Name]): unknown => {
      this.off(name, listener);
      return listener(payload);
    };
    this.on(name, once);
    // `off` is called with the author's own function.
    const guards = this.#guards.get(name);
    const guard = guards?.get(once);
    if (!guards || !guard) return;
    guards.delete(once);
    guards.set(listener, guard);
  }

  off<Name extends keyof EventMap<Key>>(name: Name, listener: Listener<EventMap<Key>[Name]>): void {
    const guard = this.#guards.get(name)?.get(listener);
    if (!guard) return;
    this.#guards.get(name)?.delete(listener);
    this.#emitter.off(name, guard as () => void);
  }

  close(): void {
    this.#emitter.removeAllListeners();
    this.#guards.clear();
  }

  #call<Payload>(name: string, listener: Listener<Payload>, payload: Payload): void {
    const failed = (error: unknown): void =>
      this.#log.error({ event: name, error }, 'a listener failed');
    try {
      const result = listener(payload);
      // safeguard: a listener that rejects
      if (isThenable(result)) Promise.resolve(result).then(undefined, failed);
    } catch (error) {
      failed(error);
    }
  }
}
