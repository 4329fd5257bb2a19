import type { EventHub } from '../events/event-hub.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import type { Logger } from '../logger.ts';
import { parseRouting, routingWarnings } from './parse-routing.ts';
import type { RoutingSnapshot } from './routing-snapshot.ts';
import { compileRouting } from './routing-snapshot.ts';

/** The routing table in force. It is replaced whole, between orders: whoever reads `current` once has one table for the whole of an attempt. */
export class LiveRouting<Key extends string> {
  readonly #executors: readonly Key[];
  readonly #log: Logger;
  #current: RoutingSnapshot<Key>;
  #source: AsyncIterator<unknown> | undefined;

  /** Throws `InvalidOptionsError` for a table that doesn't hold together. */
  constructor(first: unknown, executors: readonly Key[], log: Logger) {
    this.#executors = executors;
    this.#log = log;
    this.#current = this.#compiled(first);
  }

  get current(): RoutingSnapshot<Key> {
    return this.#current;
  }

  /** Takes further tables as they come; a bad one keeps the last good one and says why. */
  async follow(source: AsyncIterator<unknown>, events: EventHub<Key>): Promise<void> {
    this.#source = source;
    try {
      for (let next = await source.next(); next.done !== true; next = await source.next()) this.#take(next.value, events);
    } catch (error) {
      this.#log.error({ error }, 'the source of routing tables failed; the last one stays in force');
    }
  }

  #compiled(table: unknown): RoutingSnapshot<Key> {
    const config = parseRouting(table, this.#executors);
    for (const warning of routingWarnings(config)) this.#log.warn({ routing: warning }, 'a routing rule may not do what it says');
    return compileRouting(config);
  }

  /** Tells the source that nobody listens any more; one that is waiting for its next table is not waited for. */
  close(): void {
    void this.#source?.return?.();
    this.#source = undefined;
  }

  #take(table: unknown, events: EventHub<Key>): void {
    try {
      this.#current = this.#compiled(table);
    } catch (error) {
      if (!(error instanceof InvalidOptionsError)) throw error;
      events.emit('routing.rejected', { problems: error.problems });
    }
  }
}
