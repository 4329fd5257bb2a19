import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { ExecutorPlugin, OrderType } from '@hotpath/core';
import { describeAdapterContract } from '@hotpath/core/testing';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { startGateway } from '@hotpath/gateway-sim';
import * as z from 'zod';

const types: Readonly<Record<number, OrderType>> = {
  1: 'limit',
  2: 'market',
  4: 'stop',
  5: 'trailing-stop',
  6: 'join-bid',
  7: 'join-ask',
};
const line = z.object({
  order: z.object({
    id: z.number(),
    customTag: z.string().optional(),
    type: z.number(),
    side: z.number(),
    size: z.number(),
    limitTicks: z.number().optional(),
    stopTicks: z.number().optional(),
    status: z.number(),
  }),
});
const price = (ticks: number | undefined): number | undefined =>
  ticks === undefined ? undefined : ticks * 0.25;

/** An executor that reaches nobody any more once it is stopped. */
function stoppable(inner: ExecutorPlugin): { readonly plugin: ExecutorPlugin; stop(): void } {
  let stopped = false;
  const plugin: ExecutorPlugin = {
    ...inner,
    setup: async (context) => {
      const executor = await inner.setup(context);
      return {
        connect: () => executor.connect(),
        close: () => executor.close(),
        get state() {
          return executor.state;
        },
        deliver: async (request, options) =>
          stopped
            ? {
                stage: 'connecting',
                bytes: 'none',
                failure: { code: 'REFUSED', message: 'nobody is there' },
                marks: { queued: 0, written: undefined, firstByte: undefined, end: 0 },
              }
            : executor.deliver(request, options),
      };
    },
  };
  return { plugin, stop: () => (stopped = true) };
}

describeAdapterContract({
  name: 'topstepx in paper mode',
  async startVenue() {
    const gateway = await startGateway({ priceStepMs: 20, rateLimit: { everythingElse: 'off' } });
    const reaching = stoppable(fallbackExecutor());
    const folder = mkdtempSync(join(tmpdir(), 'paper-contract-'));
    const stateFile = join(folder, 'state');
    const adapterFor = (account: string, mode: 'live' | 'paper') =>
      topstepx({
        userName: 'demo',
        apiKey: 'demo-key',
        account,
        baseUrl: gateway.url,
        mode,
        paper: { session: 'always', stateFile, symbols: ['MNQ'] },
      });
    return {
      adapter: adapterFor('PRAC-V2-1001', 'paper'),
      // On paper it would not matter that it is.
      lockedOut: adapterFor('PRAC-V2-1003-LOCKED', 'live'),
      executor: reaching.plugin,
      symbol: 'MNQ',
      prices: {
        restingBuyLimit: 23_000,
        otherBuyLimit: 23_000.25,
        buyStop: 25_000,
        sellTrail: 23_990,
      },
      // The orders are in a simulator that nobody has hold of; its state file is its record.
      orders: async () => {
        const rows = readFileSync(stateFile, 'utf8')
          .split('\n')
          .flatMap((text) =>
            text.startsWith('{"order"') ? [line.parse(JSON.parse(text)).order] : [],
          );
        return [...new Map(rows.map((row) => [row.id, row])).values()].map(
          ({ customTag, type, side, size, limitTicks, stopTicks, status }) => ({
            clientOrderId: customTag,
            type: types[type] ?? 'market',
            side: side === 0 ? ('buy' as const) : ('sell' as const),
            quantity: size,
            limitPrice: price(limitTicks),
            stopPrice: price(stopTicks),
            working: status === 1,
          }),
        );
      },
      // The simulator with the orders lives as long as the adapter: it is out of reach when nobody gets there.
      stop: async () => {
        reaching.stop();
        await gateway.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});
