import type { Clock, DeliveryProgress } from '@hotpath/core';
import type { SocketProbe } from './descriptor-probe.ts';
import type { FastExecutorSettings } from './fast-executor-options.ts';
import type { RequestHeads } from './request-head.ts';
import type { WriteMoment } from './write-moment.ts';

/** One open connection. It carries one exchange at a time and says what became of it to its owner. */
export interface Connection {
  /** How long the other side keeps it open without a request, as far as it has said so. */
  readonly keepAliveMs: number | undefined;
  /** Takes one exchange; only while idle. False: it turned out to be unusable, has ended itself, and nothing was written. */
  start(exchange: DeliveryProgress): boolean;
  /** Ends it in an orderly way; only while idle. */
  retire(reason: string): void;
  /** Ends it with a reset, so that the kernel can deliver nothing of it later. An exchange under way ends unanswered. */
  reset(reason: string): void;
}

export interface ConnectionOwner {
  /** Its exchange has ended and it can take another. */
  idle(connection: Connection): void;
  /** It is no more. `unwritten` is an exchange it had taken and of which no byte was written: it may go to another connection. */
  gone(connection: Connection, reason: string, unwritten: DeliveryProgress | undefined): void;
}

export interface ConnectionParts {
  readonly origin: URL;
  readonly settings: FastExecutorSettings;
  readonly heads: RequestHeads;
  readonly clock: Clock;
  readonly probe: SocketProbe;
  readonly moment: WriteMoment;
}

/** What an answer's `Keep-Alive` header promises, in milliseconds; undefined when it says nothing. */
export function promisedKeepAliveMs(headers: Readonly<Record<string, string>>): number | undefined {
  const seconds = /(?:^|[,;\s])timeout\s*=\s*"?(\d{1,9})/iu.exec(headers['keep-alive'] ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
