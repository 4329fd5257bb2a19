import type { ExecutorPlugin } from '@hotpath/core';
import { fastExecutor } from '@hotpath/executor-fast';

/** Delivers, and then forgets that it was answered: what nobody knows is looked up. */
export function forgetful(operations: readonly string[]): ExecutorPlugin {
  const inner = fastExecutor();
  return {
    ...inner,
    setup: async (context) => {
      const executor = await inner.setup(context);
      return {
        connect: () => executor.connect(),
        close: () => executor.close(),
        get state() {
          return executor.state;
        },
        deliver: async (request, options) => {
          const delivery = await executor.deliver(request, options);
          if (!operations.includes(request.template.operation) || delivery.stage !== 'answered')
            return delivery;
          return {
            stage: 'sent',
            bytes: 'all',
            failure: { code: 'TIMEOUT', message: 'forgotten' },
            marks: { ...delivery.marks, firstByte: undefined },
          };
        },
      };
    },
  };
}

/** Writes nothing: every order is taken over by the other executor. */
export const unable: ExecutorPlugin = {
  kind: 'executor',
  pluginName: 'unable',
  apiVersion: 1,
  setup: () => ({
    connect: () => Promise.resolve(),
    close: () => Promise.resolve(),
    state: { is: 'ready', idleConnections: 1, busyConnections: 0 },
    deliver: () =>
      Promise.resolve({
        stage: 'connecting',
        bytes: 'none',
        failure: { code: 'REFUSED', message: 'never' },
        marks: { queued: 0, written: undefined, firstByte: undefined, end: 0 },
      }),
  }),
};
