import type { EventHub } from '../events/event-hub.ts';
import { InvalidOptionsError } from '../errors/invalid-options-error.ts';
import { routingFields } from '../log/start-line.ts';
import type { Logger } from '../logger.ts';
import { parseRouting, routingWarnings } from './parse-routing.ts';
import type { RoutingConfig } from './routing-config.ts';
import type { RoutingSnapshot } from './routing-snapshot.ts';
import { compileRouting } from './routing-snapshot.ts';
import type { RoutingSource } from './routing-source.ts';
import type { Ceilings } from './weights-in-force.ts';

/** The routing table in force. It is replaced whole, between orders: whoever reads `current` once has one table for the whole of an attempt. */
export class LiveRouting<Key extends string> {
  readonly #executors: readonly Key[];
  readonly #log: Logger;
  #config: RoutingConfig<Key>;
  #ceilings: Ceilings<Key> = new Map();
  #latched: ReadonlySet<Key> = new Set();
  #current: RoutingSnapshot<Key>;
  #source: RoutingSource | undefined;
  #onTable: (() => void) | undefined;

  /** Throws `InvalidOptionsError` for a table that doesn't hold together. */
  constructor(first: unknown, executors: readonly Key[], log: Logger) {
    this.#executors = executors;
    this.#log = log;
    this.#config = this.#checked(first);
    this.#current = compileRouting(this.#config, this.#ceilings);
  }

  get current(): RoutingSnapshot<Key> {
    return this.#current;
  }

  /** Called when a new table came, before an order sees it. May limit it. */
  onTable(listener: () => void): void {
    this.#onTable = listener;
  }

  /** What a ramp has reached, and zeros by evidence, from the next order on. `latched`: those whose zero is a latch's. */
  limit(ceilings: Ceilings<Key>, latched: ReadonlySet<Key>): void {
    this.#ceilings = ceilings;
    this.#latched = latched;
    this.#current = compileRouting(this.#config, ceilings, latched);
  }

  /** Takes further tables as they come; a bad one keeps the last good one and says why. */
  follow(source: RoutingSource, events: EventHub<Key>): void {
    this.#source = source;
    const reject = (problems: readonly string[]): void => {
      this.#log.warn({ problems }, 'routing table rejected');
      events.emit('routing.rejected', { problems });
    };
    source.follow((table) => {
      try {
        const config = this.#checked(table);
        this.#current = compileRouting(config, this.#ceilings, this.#latched);
        this.#config = config;
        this.#onTable?.();
        this.#log.info(
          { weights: Object.fromEntries(this.#current.weights), ...routingFields(this.#current) },
          'routing table changed',
        );
      } catch (error) {
        if (InvalidOptionsError.is(error)) return reject(error.problems);
        // A fault of ours must not end the watching.
        this.#log.error({ error }, 'a new routing table could not be followed');
      }
    }, reject);
  }

  close(): void {
    this.#source?.close();
    this.#source = undefined;
  }

  #checked(table: unknown): RoutingConfig<Key> {
    const config = parseRouting(table, this.#executors);
    for (const warning of routingWarnings(config))
      this.#log.warn({ routing: warning }, 'a routing rule may not do what it says');
    return config;
  }
}
