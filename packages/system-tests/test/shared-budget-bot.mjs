// A bot that shares its login's rate limit with others of this machine and does what its parent tells it.
import { createBroker, memoryJournal } from '@hotpath/core';
import { topstepx } from '@hotpath/adapter-topstepx';
import { fastExecutor } from '@hotpath/executor-fast';

const [baseUrl, userName, account] = process.argv.slice(2);
const broker = await createBroker({
  adapter: topstepx({ userName, apiKey: 'demo-key', account, baseUrl }),
  executors: { only: fastExecutor() },
  routing: { version: 1, salt: 'budget', default: { only: 100 } },
  journal: memoryJournal(),
  shareBudget: 'machine',
});
const told = ({ kind, code, became }) => [kind, code ?? became].filter(Boolean).join(' ');
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
let price = 10_000;

const acts = {
  /** Rests so many orders, one after the other. */
  async rest({ times, everyMs = 0 }) {
    const orders = [];
    for (let time = 0; time < times; time += 1) {
      const outcome = await broker.placeLimitOrder({
        symbol: 'MNQ',
        side: 'buy',
        quantity: 1,
        limitPrice: (price += 0.25),
      });
      orders.push({
        told: told(outcome),
        orderId: outcome.orderId,
        message: outcome.message,
        retryAfterMs: outcome.retryAfterMs,
      });
      if (everyMs > 0) await pause(everyMs);
    }
    return orders;
  },
  /** As fast as it gets, until so much time has passed; how many were accepted, and what else was said. */
  async spend({ forMs, by = 'place' }) {
    const said = {};
    for (const end = Date.now() + forMs; Date.now() < end; await pause(10)) {
      const word =
        by === 'read'
          ? await broker.getAccount().then(
              () => 'read',
              (error) => error.code,
            )
          : told(
              await broker.placeLimitOrder({
                symbol: 'MNQ',
                side: 'buy',
                quantity: 1,
                limitPrice: (price += 0.25),
              }),
            );
      said[word] = (said[word] ?? 0) + 1;
    }
    return said;
  },
  async enter() {
    return told(await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 }));
  },
  async cancel({ orderId }) {
    return told(await broker.cancelOrder({ orderId }));
  },
  async close() {
    return told(await broker.closePosition({ symbol: 'MNQ' }));
  },
  async flatten() {
    const { complete, left } = await broker.flatten();
    return { complete, left: left.orders.length + left.positions.length, unread: left.unread };
  },
  async compute({ forMs }) {
    for (const end = Date.now() + forMs; Date.now() < end;);
    return 'done';
  },
  async budget() {
    return broker.metrics().budget;
  },
  async end() {
    const began = Date.now();
    await broker.close();
    return Date.now() - began;
  },
};

process.on('message', (order) => {
  void acts[order.do](order).then((answer) => {
    process.send({ id: order.id, answer });
    if (order.do === 'end') process.disconnect();
  });
});
process.on('disconnect', () => process.exit());
process.send({ id: 0 });
