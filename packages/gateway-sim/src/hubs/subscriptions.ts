import type { HubConnection } from './hub-connection.ts';

/** Who listens to what. */
export class Subscriptions<Topic> {
  readonly #topics = new Map<Topic, Set<HubConnection>>();

  add(topic: Topic, connection: HubConnection): void {
    const connections = this.#topics.get(topic);
    if (connections) connections.add(connection);
    else this.#topics.set(topic, new Set([connection]));
  }

  remove(topic: Topic, connection: HubConnection): void {
    const connections = this.#topics.get(topic);
    connections?.delete(connection);
    if (connections?.size === 0) this.#topics.delete(topic);
  }

  forget(connection: HubConnection): void {
    for (const topic of this.#topics.keys()) this.remove(topic, connection);
  }

  /** Undefined when nobody does, so that nothing need be written. */
  of(topic: Topic): Iterable<HubConnection> | undefined {
    return this.#topics.get(topic);
  }
}
