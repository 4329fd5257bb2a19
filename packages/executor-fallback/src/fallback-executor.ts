import type { Executor, ExecutorContext, ExecutorFactory } from '@hotpath/core';
import { DeliveryProgress, defineExecutor, transportCaution } from '@hotpath/core';
import { FallbackConnections } from './fallback-connections.ts';
import type {
  FallbackExecutorOptions,
  FallbackExecutorSettings,
} from './fallback-executor-options.ts';
import { fallbackExecutorOptions } from './fallback-executor-options.ts';
import { FetchConnection } from './fetch-connection.ts';
import { openSocket } from './open-socket.ts';
import { undiciBytes } from './undici-bytes.ts';
import { packageId } from './version.ts';
import { wireHeaders } from './wire-headers.ts';

/**
 * Delivers by `fetch`, plainly. What writes and reads the wire is undici's, not the fast executor's, so that a defect of one is not a defect of the other.
 * Throws `InvalidOptionsError` when the options don't fit. Its `deliver` throws `TypeError` for a template that can't be written as HTTP.
 */
export const fallbackExecutor: ExecutorFactory<'fallback', FallbackExecutorOptions | undefined> =
  defineExecutor({
    name: 'fallback',
    apiVersion: 1,
    package: packageId,
    options: fallbackExecutorOptions,
    setup: createFallbackExecutor,
  });

function createFallbackExecutor(
  context: ExecutorContext,
  settings: FallbackExecutorSettings,
): Executor {
  const { clock, log } = context;
  const { origin } = context.endpoint;
  const caution = transportCaution(origin);
  if (caution !== undefined) log.warn({ executor: context.key }, caution);
  const connections = new FallbackConnections({
    most: settings.connections,
    clock,
    log,
    open() {
      const opening = openSocket(origin, settings, clock);
      return {
        opened: opening.opened.then((opened) =>
          attached(new FetchConnection(opened, origin, settings, clock)),
        ),
        cancel: () => opening.cancel(),
      };
    },
  });
  return {
    connect: () => connections.connect(),
    deliver(request, options) {
      // Bad templates are found here, before anything is promised.
      wireHeaders(request);
      const attempt = new DeliveryProgress(request, options, clock);
      void connections.deliver(attempt);
      return attempt.delivery;
    },
    encode: (request) => undiciBytes(request, origin),
    reset: (because) => connections.reset(because),
    get state() {
      return connections.state;
    },
    close: () => connections.close(),
  };
}

async function attached(connection: FetchConnection): Promise<FetchConnection> {
  await connection.attach();
  return connection;
}
