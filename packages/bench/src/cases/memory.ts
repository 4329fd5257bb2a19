import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, round } from '../measure/percentiles.ts';
import type { BenchContext, PartResult } from './bench-context.ts';

/** What is in use after so many orders, by the collector's own count after a full collection. */
export interface MemoryPoint {
  readonly orders: number;
  readonly usedMb: number;
  readonly residentMb: number;
}

const baseOrders = 10_000;

/** Orders through one broker in a process of its own, its hubs telling of each that it was filled. */
export async function memoryOverOrders({
  floor,
  quick,
  progress,
}: BenchContext): Promise<PartResult & { readonly memory: readonly MemoryPoint[] }> {
  const orders = quick ? 11_000 : 1_000_000;
  const memory: MemoryPoint[] = [];
  const child = fork(
    fileURLToPath(new URL('memory-process.js', import.meta.url)),
    [floor.url('http'), floor.url('hubs'), String(orders)],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: ['--expose-gc'] },
  );
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`The memory case ended with ${code}.`)),
    );
    child.on('message', (message) => {
      if (
        typeof message !== 'object' ||
        message === null ||
        !('orders' in message) ||
        !('used' in message) ||
        !('resident' in message)
      )
        return;
      const megabytes = (bytes: unknown): number => round(Number(bytes) / 2 ** 20, 1);
      memory.push({
        orders: Number(message.orders),
        usedMb: megabytes(message.used),
        residentMb: megabytes(message.resident),
      });
      progress(`memory: ${Number(message.orders)} of ${orders} orders`);
    });
  });
  const base = memory.find((point) => point.orders === baseOrders)?.usedMb ?? Number.NaN;
  // The last few: one point holds what happens to be under way.
  const last = median(memory.slice(-3).map(({ usedMb }) => usedMb));
  return {
    measured: [],
    memory,
    figures: { memoryGrowth: round(last / base), memoryOrders: orders },
  };
}
