import { openBroker, placeOnce } from '../clients/open-broker.ts';

// One broker with a file journal and its hubs; the parent is told what is in use at ten thousand orders and at every twentieth of the way from there.
const [url = '', hubs = '', wanted = '0'] = process.argv.slice(2);
const orders = Number(wanted);
const first = 10_000;
/** So many at once, as fast as the server answers: nobody waits here for what a single order takes. */
const atOnce = 4;
const collect = globalThis.gc;
if (!collect) throw new Error('This needs --expose-gc.');

const { broker, close } = await openBroker({ url, hubs, journal: 'file', account: 63 });
await new Promise<void>((resolve) => {
  broker.once('stream.synced', () => resolve());
});
const filled = { count: 0 };
broker.on('order.filled', () => (filled.count += 1));
const allTold = async (count: number): Promise<void> => {
  if (filled.count >= count) return;
  await new Promise((resolve) => setTimeout(resolve, 1));
  await allTold(count);
};

let next = first;
for (let placed = 0; placed < orders; placed += atOnce) {
  await Promise.all(Array.from({ length: atOnce }, () => placeOnce(broker)));
  if (placed + atOnce < next) continue;
  next += Math.max(atOnce, Math.round((orders - first) / 20 / atOnce) * atOnce);
  // What the hubs still tell is part of no order's memory.
  await allTold(placed + atOnce);
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ orders: placed + atOnce, used: heapUsed + external, resident: rss });
}
await close();
process.disconnect?.();
