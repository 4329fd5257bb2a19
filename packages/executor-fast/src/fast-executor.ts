import type { LookupFunction } from 'node:net';
import type { Executor, ExecutorContext, ExecutorFactory } from '@hotpath/core';
import { DeliveryProgress, defineExecutor, transportCaution } from '@hotpath/core';
import { ConnectionPool } from './connection-pool.ts';
import type { Connection, ConnectionOwner } from './connection.ts';
import type { SocketProbe } from './descriptor-probe.ts';
import { descriptorProbe } from './descriptor-probe.ts';
import type { FastExecutorOptions, FastExecutorSettings } from './fast-executor-options.ts';
import { fastExecutorOptions } from './fast-executor-options.ts';
import { FramedConnection } from './framed-connection.ts';
import type { OpenSocket, SessionKeeper } from './open-socket.ts';
import { openSocket } from './open-socket.ts';
import { RequestHeads } from './request-head.ts';
import { UndiciConnection } from './undici-connection.ts';
import { packageId } from './version.ts';
import { WriteMoment } from './write-moment.ts';

/**
 * Delivers on connections that are open and warm before an order comes.
 * Throws `InvalidOptionsError` when the options don't fit. Its `deliver` throws `TypeError` for a template that can't be written as HTTP.
 */
export const fastExecutor: ExecutorFactory<'fast', FastExecutorOptions | undefined> =
  defineExecutor({
    name: 'fast',
    apiVersion: 1,
    package: packageId,
    options: fastExecutorOptions,
    setup: (context, settings) => createFastExecutor(context, settings, descriptorProbe),
  });

/** `probe` tells whether an idle socket is quiet. `lookup` finds the addresses of a name; without one the system does. */
export function createFastExecutor(
  context: ExecutorContext,
  settings: FastExecutorSettings,
  probe: SocketProbe,
  lookup?: LookupFunction,
): Executor {
  const { clock, log } = context;
  const { origin, keepWarm } = context.endpoint;
  const caution = transportCaution(origin);
  if (caution !== undefined) log.warn({ executor: context.key }, caution);
  const moment = new WriteMoment(log, settings.transport);
  const parts = { origin, settings, heads: new RequestHeads(origin), clock, probe, moment };
  const keeper: SessionKeeper = { session: undefined };
  const attach = (opened: OpenSocket, owner: ConnectionOwner): Promise<Connection> =>
    settings.transport === 'framed'
      ? FramedConnection.attach(opened, owner, parts)
      : UndiciConnection.attach(opened, owner, parts);
  const pool = new ConnectionPool({
    size: settings.connections,
    most: settings.maxConnections,
    keepWarm,
    clock,
    log,
    moment,
    open(owner) {
      const opening = openSocket({ origin, settings, clock, keeper, lookup });
      return {
        opened: opening.opened.then((opened) => attach(opened, owner)),
        cancel: () => opening.cancel(),
      };
    },
  });
  return {
    connect: () => pool.connect(),
    deliver(request, options) {
      // A bad template is found here, before anything is promised.
      parts.heads.headersOf(request);
      const exchange = new DeliveryProgress(request, options, clock);
      pool.deliver(exchange);
      return exchange.delivery;
    },
    encode(request) {
      const whole = parts.heads.wholeOf(request);
      return typeof whole === 'string' ? Buffer.from(whole, 'latin1') : whole;
    },
    reset: (because) => pool.reset(because),
    get state() {
      return pool.state;
    },
    close: () => pool.close(),
  };
}
