import { describe, expect, it } from 'vitest';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { answered } from '../testing/scripted-executor.ts';

const boom = (): never => {
  throw new Error('boom');
};
const numbered = (_: unknown, index: number) =>
  answered({ is: 'accepted', orderId: String(index + 1) });

describe('reads and looks', () => {
  it.each<
    [string, (broker: Awaited<ReturnType<typeof scriptedBroker>>['broker']) => unknown, string]
  >([
    [
      'getOrder',
      (broker) => broker.getOrder({ ordrId: '7' } as never),
      'getOrder: ordrId: is no field here; did you mean "orderId"?',
    ],
    [
      'getOpenOrders',
      (broker) => broker.getOpenOrders({ frsh: true } as never),
      'getOpenOrders: frsh: is no field here; did you mean "fresh"?',
    ],
    [
      'getPositions',
      (broker) => broker.getPositions({ fresh: 1 } as never),
      'getPositions: fresh: is 1, must be true or false',
    ],
    [
      'getTrades',
      (broker) => broker.getTrades({ from: new Date() } as never),
      'getTrades: from: is of type object, must be milliseconds since the epoch, such as Date.now()',
    ],
    [
      'getOrderHistory',
      (broker) => broker.getOrderHistory({ from: 0, until: 5 } as never),
      'getOrderHistory: until: is no field here',
    ],
    [
      'getBars',
      (broker) =>
        broker.getBars({ symbol: 'MNQ', from: 0, unit: 'minutes', unitCount: 0 } as never),
      'getBars: unit: is "minutes", must be "second" or "minute" or "hour" or "day" or "week" or "month"; unitCount: is 0, must be a whole number, 1 or more',
    ],
    [
      'subscribe',
      (broker) => broker.subscribe({ symbol: 'MNQ', channel: ['quotes'] } as never),
      'subscribe: channel: is no field here; did you mean "channels"?',
    ],
    [
      'subscribe',
      (broker) => broker.subscribe({ symbol: 'MNQ' }, 'log' as never),
      'subscribe: listener: is "log", must be a function that takes what the market stream brings',
    ],
    [
      'waitForFill',
      (broker) => broker.waitForFill({ orderId: '7' }, undefined as never),
      'waitForFill: options: is undefined, must be an object',
    ],
    [
      'explain',
      (broker) => broker.explain(5 as never),
      'explain: clientOrderId: is 5, must be text of 1 to 100 characters',
    ],
  ])('%s refuses what it does not know by name', async (_name, act, message) => {
    const { broker } = await scriptedBroker({
      fast: numbered,
      adapter: { watchMarket: () => () => undefined },
    });
    await expect(act(broker)).rejects.toMatchObject({ code: 'INVALID_OPTIONS', message });
    await broker.close();
  });

  it('getIntent, intents, metrics and listeners refuse within the call', async () => {
    const { broker } = await scriptedBroker({ fast: numbered });
    expect(() => broker.getIntent(undefined as never)).toThrow(
      'getIntent: clientOrderId: is undefined, must be text',
    );
    expect(() => broker.intents({ opn: true } as never)).toThrow(
      'intents: opn: is no field here; did you mean "open"?',
    );
    expect(() => broker.metrics({ reset: 'yes' } as never)).toThrow(
      'metrics: reset: is "yes", must be true or false',
    );
    expect(() => broker.on('order.fileld' as never, () => undefined)).toThrow(
      'on: event: is "order.fileld", which there is not; did you mean "order.filled"?',
    );
    expect(() => broker.once('order.filled', undefined as never)).toThrow(
      'once: listener: is undefined, must be a function',
    );
    expect(() => broker.off({ toString: boom } as never, () => undefined)).toThrow(
      'off: event: is of type object, which there is not',
    );
    await broker.close();
  });
});
