import type { ExecutorPlugin, Journal } from '@hotpath/core';

/** Counts what real requests and files are busy with and have not ended: what time must wait for where it is moved by hand. */
export interface UnderWay {
  readonly count: number;
  /** The same executor, its deliveries counted. */
  counted(plugin: ExecutorPlugin): ExecutorPlugin;
  /** The same journal, what it reads and waits for counted: a disk that is slow would be called hung otherwise. */
  countedJournal(journal: Journal): Journal;
}

export function createUnderWay(): UnderWay {
  const busy = new Set<Promise<unknown>>();
  const during = <Value>(work: Promise<Value>): Promise<Value> => {
    const counted = work.finally(() => busy.delete(counted));
    busy.add(counted);
    return counted;
  };
  const counting = new WeakSet<Journal>();
  return {
    get count() {
      return busy.size;
    },
    counted: (plugin) => ({
      ...plugin,
      async setup(context) {
        const executor = await plugin.setup(context);
        const deliver = executor.deliver.bind(executor);
        executor.deliver = (request, options) => during(deliver(request, options));
        return executor;
      },
    }),
    countedJournal(journal) {
      if (counting.has(journal)) return journal;
      counting.add(journal);
      const [claim, open] = [journal.claim?.bind(journal), journal.open.bind(journal)];
      const [read, close] = [journal.read.bind(journal), journal.close.bind(journal)];
      if (claim) journal.claim = (context) => during(claim(context));
      journal.open = (scope, context) => during(open(scope, context));
      journal.close = () => during(close());
      journal.read = () => ({
        [Symbol.asyncIterator]() {
          const records = read()[Symbol.asyncIterator]();
          return {
            next: () => during(records.next()),
            return: (value: unknown) =>
              during(records.return?.(value) ?? Promise.resolve({ done: true, value })),
          };
        },
      });
      return journal;
    },
  };
}
