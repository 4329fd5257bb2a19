import type { Clock, ExecutorPlugin } from '@hotpath/core';
import type { Life } from './life.ts';

const mutations: ReadonlySet<string> = new Set(['place', 'modify', 'cancel', 'close', 'reduce']);
/** What a dead process waits for. A promise of its own each time: one that is shared would hold whatever ever waited. */
const never = (): Promise<never> => new Promise(() => undefined);

/** An executor that sends and answers nothing any more when its life has ended. The moment after an order was handed to the kernel is an instant of that life. */
export function mortalExecutor(plugin: ExecutorPlugin, clock: Clock, life: Life): ExecutorPlugin {
  return {
    ...plugin,
    async setup(context) {
      const executor = await plugin.setup({ ...context, clock });
      life.atEnd(() => executor.close());
      const deliver = executor.deliver.bind(executor);
      executor.deliver = (request, options) => {
        if (life.isDead) return never();
        const delivery = deliver(request, options);
        const { operation } = request.template;
        if (mutations.has(operation)) life.reach(`after sending ${operation}`);
        return delivery.then((end) => (life.isDead ? never() : end));
      };
      return executor;
    },
  };
}
