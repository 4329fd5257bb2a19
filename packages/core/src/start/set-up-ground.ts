import type { Adapter } from '../adapter.ts';
import { EventHub } from '../events/event-hub.ts';
import { accountLogger } from '../log/account-logger.ts';
import type { Logger } from '../logger.ts';
import { modeLogger } from '../mode-logger.ts';
import { LiveRouting } from '../routing/live-routing.ts';
import type { RoutingSource } from '../routing/routing-source.ts';
import { refuseUnkeepable } from './refuse-unkeepable.ts';
import { routingTables } from './routing-tables.ts';
import { setUpAdapter } from './set-up-adapter.ts';
import type { StartInputs } from './start-inputs.ts';

/** What a start has before it asks anybody outside its process. */
export interface Ground<Key extends string> {
  readonly adapter: Adapter;
  readonly routing: LiveRouting<Key>;
  /** Where further routing tables come from. */
  readonly source: RoutingSource | undefined;
  readonly keys: readonly Key[];
  readonly events: EventHub<Key>;
  readonly log: Logger;
  /** From here on every line of the log names the account. */
  readonly nameAccount: (account: string) => void;
}

/** Sets up the adapter and the routing. Rejects where what the author wants can't be kept to. */
export async function setUpGround<Key extends string>({
  options,
  starting,
  undo,
  clock,
  guardedLog,
}: StartInputs<Key>): Promise<Ground<Key>> {
  const { log: given, name: nameAccount } = accountLogger(guardedLog.log);
  undo.add(() => guardedLog.close());
  const keys = keysOf(options.executors);
  const { first, source } = await routingTables(options.routing, clock, given);
  undo.add(() => source?.close());
  const routing = new LiveRouting(first, keys, given);
  const adapter = await setUpAdapter(options.adapter, clock, given);
  undo.add(() => adapter.close());
  const log = modeLogger(given, adapter.mode);
  refuseUnkeepable(options, adapter);
  starting.seek(adapter.endpoint.origin.origin);
  const events = new EventHub<Key>(log);
  return { adapter, routing, source, keys, events, log, nameAccount };
}

function keysOf<Key extends string>(executors: Readonly<Record<Key, unknown>>): Key[] {
  const keys: Key[] = [];
  for (const key in executors) keys.push(key);
  return keys;
}
