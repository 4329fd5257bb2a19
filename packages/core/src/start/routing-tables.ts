import type { BrokerOptions } from '../broker/broker-options.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { openIterable } from '../routing/iterable-source.ts';
import { RoutingFile } from '../routing/routing-file.ts';
import type { RoutingSource } from '../routing/routing-source.ts';

/** The table to begin with, and where others come from. */
export async function routingTables(
  routing: BrokerOptions<string>['routing'],
  clock: Clock,
  log: Logger,
): Promise<{ readonly first: unknown; readonly source: RoutingSource | undefined }> {
  if (typeof routing === 'string') return RoutingFile.open(routing, clock, log);
  if (!(Symbol.asyncIterator in routing)) return { first: routing, source: undefined };
  return openIterable(routing, clock, log);
}
