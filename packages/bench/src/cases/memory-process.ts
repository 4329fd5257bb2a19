import { openBroker, placeOnce } from '../clients/open-broker.ts';

// One broker with a file journal and its hubs; the parent is told what is in use at ten thousand orders and at every twentieth of the way from there.
const [url = '', hubs = '', wanted = '0'] = process.argv.slice(2);
const orders = Number(wanted);
const first = 10_000;
/** So many at once, as fast as the server answers: nobody waits here for what a single order takes. */
const atOnce = 4;
/** Orders whose fills may be untold while more are placed. */
const mostUntold = 1_000;
// Nobody is there to be told any more.
const abandoned = (): never => process.exit(1);
process.once('disconnect', abandoned);
const collect = globalThis.gc;
if (!collect) throw new Error('This needs --expose-gc.');

const { broker, close } = await openBroker({ url, hubs, journal: 'file', account: 63 });
await new Promise<void>((resolve) => {
  broker.once('stream.synced', () => resolve());
});
const filled = { count: 0 };
broker.on('order.filled', () => (filled.count += 1));
async function allTold(count: number): Promise<void> {
  for (const until = performance.now() + 60_000; filled.count < count;) {
    if (performance.now() > until)
      throw new Error(
        `Of ${count} orders ${filled.count} were told as filled, and no more in a minute.`,
      );
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

let next = first;
for (let placed = 0; placed < orders; placed += atOnce) {
  await Promise.all(Array.from({ length: atOnce }, () => placeOnce(broker)));
  const count = placed + atOnce;
  // No bot runs seconds ahead of what it hears: the broker would take the stream for one with a gap.
  if (count % mostUntold === 0) await allTold(count);
  if (count < next) continue;
  next += Math.max(atOnce, Math.round((orders - first) / 20 / atOnce) * atOnce);
  // What the hubs still tell is part of no order's memory.
  await allTold(count);
  collect();
  collect();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ orders: count, used: heapUsed + external, resident: rss });
}
await close();
process.off('disconnect', abandoned);
process.disconnect?.();
