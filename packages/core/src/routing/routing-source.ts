import type { Logger } from '../logger.ts';

/** Where further routing tables come from while a broker runs. */
export interface RoutingSource {
  /** Called once. `take` gets a table, unchecked; `reject` what kept one from being read, as `path: sentence`. */
  follow(take: (table: unknown) => void, reject: (problems: readonly string[]) => void): void;
  /** Nobody listens any more. */
  close(): void;
}

/** Tables from an async iterable: a flag service, a database, a test. One that is waiting for its next table is not waited for at the end. */
export function iteratorSource(tables: AsyncIterator<unknown>, log: Logger): RoutingSource {
  const listener = { gone: false };
  return {
    follow(take) {
      const run = async (): Promise<void> => {
        for (let next = await tables.next(); next.done !== true && !listener.gone; next = await tables.next()) take(next.value);
      };
      run().catch((error: unknown) => log.error({ error }, 'the source of routing tables failed; the last one stays in force'));
    },
    close() {
      listener.gone = true;
      void tables.return?.();
    },
  };
}
