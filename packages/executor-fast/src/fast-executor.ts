import type { Executor, ExecutorContext, ExecutorFactory } from '@hotpath/core';
import { defineExecutor } from '@hotpath/core';
import { ConnectionPool } from './connection-pool.ts';
import { Exchange } from './exchange.ts';
import type { FastExecutorOptions, FastExecutorSettings } from './fast-executor-options.ts';
import { fastExecutorOptions } from './fast-executor-options.ts';
import { openSocket } from './open-socket.ts';
import { RequestHeads } from './request-head.ts';
import { UndiciConnection } from './undici-connection.ts';

/**
 * Delivers on connections that are open and warm before an order comes.
 * Throws `InvalidOptionsError` when the options don't fit. Its `deliver` throws `TypeError` for a template that can't be written as HTTP.
 */
export const fastExecutor: ExecutorFactory<'fast', FastExecutorOptions | undefined> = defineExecutor({
  name: 'fast',
  apiVersion: 1,
  options: fastExecutorOptions,
  setup: createFastExecutor,
});

function createFastExecutor(context: ExecutorContext, settings: FastExecutorSettings): Executor {
  const { clock, log } = context;
  const { origin } = context.endpoint;
  const parts = { origin, settings, heads: new RequestHeads(), clock };
  const pool = new ConnectionPool({
    size: settings.connections,
    clock,
    log,
    open(owner) {
      const opening = openSocket(origin, settings, clock);
      return { opened: opening.opened.then((opened) => UndiciConnection.attach(opened, owner, parts)), cancel: opening.cancel };
    },
  });
  return {
    connect: () => pool.connect(),
    deliver(request, options) {
      // Bad templates are found here, before anything is promised.
      parts.heads.of(request);
      const exchange = new Exchange(request, options, clock);
      pool.deliver(exchange);
      return exchange.delivery;
    },
    get state() {
      return pool.state;
    },
    close: () => pool.close(),
  };
}
