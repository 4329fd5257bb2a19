import type { Broker } from './broker/broker.ts';
import type { BrokerOptions, ConfiguredBrokerOptions } from './broker/broker-options.ts';
import type { BrokerParts } from './broker/broker-parts.ts';
import { checkBrokerOptions } from './broker/check-broker-options.ts';
import { resolveConfig } from './config/resolve-config.ts';
import { tellOfCopies } from './core-copies.ts';
import { guardOptions } from './guests/guard-options.ts';
import { keepAlive } from './start/keep-alive.ts';
import { startBroker } from './start/start-broker.ts';
import { StartingBroker } from './start/starting-broker.ts';
import { UndoList } from './start/undo-list.ts';

/**
 * Connects one account: sets up the executors, logs in, and opens the journal. Tries for the venue again and again within `startWithinMs`, since an answer that is lost or a network that is not up yet ends no start.
 * Rejects with `InvalidOptionsError`, `AdapterError`, `ExecutorError` (a required executor, a certificate), `JournalError` or `StartError` (it was given up), and leaves nothing open when it does.
 */
export function createBroker<Key extends string>(options: BrokerOptions<Key>): Promise<Broker<Key>>;
/** The same from a config file and a registry. */
export function createBroker(options: ConfiguredBrokerOptions): Promise<Broker>;
export async function createBroker(
  options: BrokerOptions<string> | ConfiguredBrokerOptions,
): Promise<Broker> {
  return connectBroker(isConfigured(options) ? await resolveConfig(options) : options);
}

function isConfigured(
  options: BrokerOptions<string> | ConfiguredBrokerOptions,
): options is ConfiguredBrokerOptions {
  try {
    return typeof options === 'object' && options !== null && 'config' in options;
  } catch {
    // What can't be looked at is refused by name with the options.
    return false;
  }
}

/** `onParts` is given what the broker is made of, for tests of what has no door of its own. */
export async function connectBroker<Key extends string>(
  givenOptions: BrokerOptions<Key>,
  onParts?: (parts: BrokerParts<Key>) => void,
): Promise<Broker<Key>> {
  const { options, guardedLog } = guardOptions(checkBrokerOptions(givenOptions));
  const { clock, random, log } = options;
  tellOfCopies(log);
  const starting = new StartingBroker({ clock, log, signal: options.signal });
  const undo = new UndoList(clock);
  // safeguard: a process lives while its start waits
  const letEnd = keepAlive();
  try {
    const inputs = { options, starting, undo, clock, random, guardedLog };
    const broker = await startBroker(inputs, onParts);
    starting.started(broker);
    return broker;
  } catch (error) {
    await undo.undo();
    starting.failed();
    throw error;
  } finally {
    letEnd();
  }
}
