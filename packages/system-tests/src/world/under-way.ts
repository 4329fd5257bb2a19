import type { ExecutorPlugin } from '@hotpath/core';

/** Counts the requests that executors have been given and that have not ended: what time must wait for where it is moved by hand. */
export interface UnderWay {
  readonly count: number;
  /** The same executor, its deliveries counted. */
  counted(plugin: ExecutorPlugin): ExecutorPlugin;
}

export function createUnderWay(): UnderWay {
  const deliveries = new Set<Promise<unknown>>();
  return {
    get count() {
      return deliveries.size;
    },
    counted: (plugin) => ({
      ...plugin,
      async setup(context) {
        const executor = await plugin.setup(context);
        const deliver = executor.deliver.bind(executor);
        executor.deliver = (request, options) => {
          const delivery = deliver(request, options).finally(() => deliveries.delete(delivery));
          deliveries.add(delivery);
          return delivery;
        };
        return executor;
      },
    }),
  };
}
