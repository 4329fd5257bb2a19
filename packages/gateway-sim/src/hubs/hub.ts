import type { Exchange } from '../exchange/exchange.ts';
import type { HubConnection } from './hub-connection.ts';
import type { EventDraws } from './hub-rules.ts';

/** What one hub offers: its methods, and its events. A connection's subscriptions die with it. */
export interface Hub {
  /** Gives the text of an error, or undefined when it was done. */
  invoke(connection: HubConnection, target: string, given: readonly unknown[]): string | undefined;
  forget(connection: HubConnection): void;
  /** Listens to another exchange from here on. */
  attach(exchange: Exchange, draws: EventDraws): void;
  /** Tells nothing any more. */
  close(): void;
}
