import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBroker, memoryJournal } from '@hotpath/core';
import type { Broker, Delivery } from '@hotpath/core';
import type { AdapterScript } from '@hotpath/core/testing';
import {
  answered,
  notWritten,
  scriptedAdapter,
  scriptedExecutor,
  testContract,
} from '@hotpath/core/testing';
import { OrderRejectedError, OrderTransientError } from 'backtest-kit';
import type { BrokerOrderClosePayload, BrokerOrderOpenPayload } from 'backtest-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BacktestKitHostOptions } from './backtest-kit-host-options.ts';
import { createBacktestKitBroker } from './create-backtest-kit-broker.ts';
import type { HostEvent } from './host-event.ts';

let folder: string;
const brokers: Broker[] = [];
const events: HostEvent[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backtest-kit-host-'));
  events.length = 0;
});
afterEach(async () => {
  for (const broker of brokers.splice(0)) await broker.close();
  rmSync(folder, { recursive: true });
});

const MNQ = testContract({ root: 'MNQ' });
const pnl = {} as BrokerOrderOpenPayload['pnl'];
const open: BrokerOrderOpenPayload = {
  type: 'active',
  symbol: 'MNQ',
  signalId: '3c31296d-293f-4000-a198-785bb7ee6000',
  cost: 200,
  position: 'long',
  priceOpen: 24_000,
  priceTakeProfit: 24_100,
  priceStopLoss: 23_900,
  pnl,
  peakProfit: pnl,
  maxDrawdown: pnl,
  attempt: 0,
  context: { strategyName: 'orb', exchangeName: 'topstepx' },
  when: new Date(0),
  backtest: false,
};
const refused = answered({ is: 'refused', code: 'ORDER_REJECTED', venueCode: 2, message: 'no' });

async function host(
  delivery: Delivery | ((operation: string) => Delivery),
  options: Partial<BacktestKitHostOptions> = {},
  adapter: AdapterScript = {},
) {
  const executor = scriptedExecutor(({ request }) =>
    typeof delivery === 'function' ? delivery(request.template.operation) : delivery,
  );
  const broker = await createBroker({
    adapter: scriptedAdapter({ contracts: [MNQ], ...adapter }),
    executors: { only: executor },
    routing: { version: 1, salt: 'test', default: { only: 100 } },
    journal: memoryJournal(),
    outcomeWithinMs: 0,
  });
  brokers.push(broker);
  const file = join(folder, 'signals.jsonl');
  const hooks = createBacktestKitBroker({
    broker,
    contracts: ({ cost }) => cost / 100,
    file,
    fillWithinMs: 5,
    settleWithinMs: 5,
    onEvent: (event) => void events.push(event),
    ...options,
  });
  return {
    broker,
    executor,
    file,
    open: (payload: Partial<BrokerOrderOpenPayload> = {}) =>
      hooks.onOrderOpenCommit?.({ ...open, ...payload }),
    close: (payload: BrokerOrderClosePayload) => hooks.onOrderCloseCommit?.(payload),
  };
}
const closing: BrokerOrderClosePayload = {
  ...open,
  currentPrice: 24_000,
  totalEntries: 1,
  totalPartials: 0,
};

describe('an open', () => {
  it('that is accepted returns, and what was sent is on the disk', async () => {
    const { open: openIt, file, executor } = await host(answered({ is: 'accepted', orderId: '1' }));
    await expect(openIt()).resolves.toBe(undefined);
    const [line = ''] = readFileSync(file, 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({
      clientOrderId: open.signalId,
      state: 'sent',
      request: { type: 'market', side: 'buy', quantity: 2, clientOrderId: open.signalId },
    });
    // The engine asks again after a crash of its own: nothing more is sent.
    await openIt({ attempt: 1 });
    expect(executor.deliveries).toHaveLength(1);
  });

  it('that the venue refuses is OrderRejectedError', async () => {
    const { open: openIt } = await host(refused);
    await expect(openIt()).rejects.toBeInstanceOf(OrderRejectedError);
  });

  it.each([0.5, 0, -1, Number.NaN])(
    'of %d contracts is refused, and nothing is sent',
    async (contracts) => {
      const { open: openIt, executor } = await host(refused, { contracts: () => contracts });
      await expect(openIt()).rejects.toThrow(/must give a whole number of contracts/);
      await expect(openIt()).rejects.toBeInstanceOf(OrderRejectedError);
      expect(executor.deliveries).toHaveLength(0);
    },
  );

  it('that is not sent is stale by the next tick', async () => {
    const { open: openIt } = await host(notWritten());
    await expect(openIt()).rejects.toBeInstanceOf(OrderRejectedError);
  });

  it('that is not sent is tried again within openRetryMs, with the content of the first try', async () => {
    let contracts = 1;
    const { open: openIt, executor } = await host(notWritten(), {
      openRetryMs: 600_000,
      contracts: () => contracts,
    });
    await expect(openIt()).rejects.toBeInstanceOf(OrderTransientError);
    contracts = 5;
    await expect(openIt({ attempt: 1 })).rejects.toBeInstanceOf(OrderTransientError);
    expect(
      executor.deliveries.map(
        ({ request }) => (JSON.parse(request.body) as { quantity: number }).quantity,
      ),
    ).toEqual([1, 1]);
    // The engine's last try: its exit is worth more than a signal.
    await expect(openIt({ attempt: 5 })).rejects.toBeInstanceOf(OrderRejectedError);
  });

  it('that is halted is OrderRejectedError, whatever openRetryMs says', async () => {
    const { open: openIt, broker } = await host(refused, { openRetryMs: 600_000 });
    await broker.halt();
    await expect(openIt()).rejects.toThrow(/HALTED/);
    await expect(openIt()).rejects.toBeInstanceOf(OrderRejectedError);
  });

  it('that had to wait for a minute is stale, and nothing is sent', async () => {
    let monotonic = 0;
    const clock = {
      now: () => 0,
      monotonic: () => monotonic,
      setTimer: () => ({ cancel: () => undefined }),
    };
    // The author's function is asked while the engine waits.
    const { open: openIt, executor } = await host(answered({ is: 'accepted', orderId: '1' }), {
      clock,
      contracts: () => ((monotonic += 60_000), 1),
    });
    await expect(openIt()).rejects.toThrow(/stale/);
    await expect(openIt()).rejects.toBeInstanceOf(OrderRejectedError);
    expect(executor.deliveries).toHaveLength(0);
  });

  it('of which only the engine remembers a try, and the venue shows nothing, is given up with an event and never sent', async () => {
    const { open: openIt, executor } = await host(answered({ is: 'accepted', orderId: '1' }));
    await expect(openIt({ attempt: 1 })).rejects.toBeInstanceOf(OrderRejectedError);
    expect(
      executor.deliveries.filter(({ request }) => request.template.operation === 'place'),
    ).toEqual([]);
    expect(events.map(({ name }) => name)).toEqual(['open-dropped']);
  });

  it('of a strategy that is not accepted is left alone, as in a backtest', async () => {
    const { open: openIt, executor } = await host(refused, {
      accepts: ({ strategyName }) => strategyName !== 'orb',
    });
    await expect(openIt()).resolves.toBe(undefined);
    await expect(
      openIt({ context: { strategyName: 'fade', exchangeName: 'topstepx' }, backtest: true }),
    ).resolves.toBe(undefined);
    expect(executor.deliveries).toHaveLength(0);
  });
});

describe('a close', () => {
  it('that is refused while the venue holds the position is asked for again, and in the last try given up with an event', async () => {
    const held = {
      contractId: MNQ.id,
      side: 'buy' as const,
      quantity: 2,
      averagePrice: 24_000,
      openedAt: 0,
      asOf: 0,
    };
    const made = await host(
      (operation) => (operation === 'close' ? refused : answered({ is: 'accepted', orderId: '1' })),
      {},
      { positions: () => [held] },
    );
    await made.open();
    await expect(made.close(closing)).rejects.toBeInstanceOf(OrderTransientError);
    await expect(made.close({ ...closing, attempt: 5 })).rejects.toBeInstanceOf(OrderRejectedError);
    expect(events.map(({ name }) => name)).toEqual(['close-refused', 'close-refused']);
  });

  it('of what was not opened here is refused, and said to be left', async () => {
    const made = await host(refused);
    await expect(made.close(closing)).rejects.toBeInstanceOf(OrderRejectedError);
    expect(events).toMatchObject([{ name: 'position-left', signalId: open.signalId }]);
    expect(made.executor.deliveries).toEqual([]);
  });

  it('that is never sent for what it asks is no end of the process either', async () => {
    const held = {
      contractId: MNQ.id,
      side: 'buy' as const,
      quantity: 5,
      averagePrice: 24_000,
      openedAt: 0,
      asOf: 0,
    };
    const made = await host(
      answered({ is: 'accepted', orderId: '1' }),
      {},
      { positions: () => [held] },
    );
    await made.open();
    // Somebody else holds three of the five, so it is closed by an order of two, which a halt lets nobody send.
    void made.broker.halt();
    await expect(made.close(closing)).rejects.toBeInstanceOf(OrderTransientError);
    await expect(made.close({ ...closing, attempt: 5 })).rejects.toBeInstanceOf(OrderRejectedError);
  });
});

it('names every wrong option', () => {
  expect(() => createBacktestKitBroker({ contracts: 2, bracket: 'native' } as never)).toThrow(
    /broker: must be a broker.*contracts: must be a function.*bracket: is no field here/s,
  );
});
