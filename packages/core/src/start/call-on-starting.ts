import type { BrokerOptions } from '../broker/broker-options.ts';
import { isThenable } from '../is-thenable.ts';
import type { Logger } from '../logger.ts';
import type { StartingBroker } from './starting-broker.ts';

/** An author's hook that throws is no reason not to start. */
export function callOnStarting<Key extends string>(
  { onStarting }: BrokerOptions<Key>,
  starting: StartingBroker,
  log: Logger,
): void {
  const failed = (error: unknown): void =>
    log.error({ error }, 'onStarting failed; the start goes on');
  try {
    const result: unknown = onStarting?.(starting);
    if (isThenable(result)) Promise.resolve(result).then(undefined, failed);
  } catch (error) {
    failed(error);
  }
}
