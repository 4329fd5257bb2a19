import { MessageChannel } from 'node:worker_threads';

/** Keeps the process alive until the work is over: timers of a clock do not, and a process that awaits somebody who never answers would end in the middle of it. */
export async function whileAwaited<Value>(work: Promise<Value>): Promise<Value> {
  const { port1 } = new MessageChannel();
  port1.ref();
  try {
    return await work;
  } finally {
    port1.close();
  }
}
