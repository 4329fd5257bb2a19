import type { Broker } from '@hotpath/core';
import { JournalError, systemClock } from '@hotpath/core';
import type { BotOrder, BotReport, BotSettings } from './bot-settings.ts';
import { ClaimedCalls, later } from './claimed-calls.ts';
import { appendClaim, readClaims } from './claims.ts';
import { auditOrders } from './audit-orders.ts';
import { intentHistories, isTold } from './intent-history.ts';
import { openBroker } from './open-broker.ts';
import { steppingClock } from './stepping-clock.ts';
import { Trader } from './trader.ts';

/** Intents under way at once beside the one that holds positions. */
const workers = 16;
/** One place in so many is the entry of a position. */
const cycleEvery = 16;

const settings = JSON.parse(process.argv[2] ?? '') as BotSettings;
const clock = steppingClock();
const report = (message: BotReport): void => void process.send?.(message);
let settle = (): void => {};
const toldToSettle = new Promise<void>((resolve) => (settle = resolve));
process.on('message', (order: BotOrder) => {
  if (order.do === 'step') clock.step(order.byMs);
  else settle();
});
process.on('disconnect', () => process.exit());

try {
  const broker = await connected();
  broker.on('order.contradicted', ({ told, order }) => {
    if (told.clientOrderId !== undefined)
      appendClaim(settings.claims, {
        kind: 'contradicted',
        at: systemClock.now(),
        clientOrderId: told.clientOrderId,
        orderId: order.orderId,
      });
  });
  if (settings.mode === 'audit') await auditOrders(broker, settings);
  else await trade(broker);
  await broker.close();
  process.exit(0);
} catch (error) {
  report({
    is: 'failed',
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  process.exitCode = 1;
  process.disconnect();
}

/** A start outlives what the venue does to it. One whose disk is full ends with that, and a bot's supervisor would try again. */
async function connected(): Promise<Broker> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await openBroker(
        settings,
        clock,
        () => report({ is: 'refused-locally' }),
        (fault) => report({ is: 'disk-failed', fault }),
      );
    } catch (error) {
      if (!JournalError.is(error) || attempt === 20) throw error;
      await later(100 * attempt, undefined);
    }
  }
}

async function trade(broker: Broker): Promise<void> {
  const histories = intentHistories(readClaims(settings.claims));
  appendClaim(settings.claims, { kind: 'start', at: systemClock.now(), session: settings.session });
  const calls = new ClaimedCalls(settings.claims, settings.session);
  const trader = new Trader(broker, calls, settings);
  const numbers = [...histories.keys()]
    .filter((intent) => /^(rest|reach|enter):/.test(intent))
    .map((intent) => Number(intent.slice(intent.indexOf(':') + 1)));
  let last = Math.max(0, ...numbers);
  let reduces = Math.max(
    0,
    ...[...histories.keys()]
      .filter((intent) => intent.startsWith('reduce:'))
      .map((intent) => Number(intent.slice(7))),
  );
  const left = [...histories.values()].filter(
    ({ calls: made, lastWord }) => made.at(-1)?.words.length === 0 || !isTold(lastWord),
  );
  // Numbers that were drawn, and not called before the process died.
  const drawn = new Set(numbers);
  const skipped = Array.from({ length: last }, (_, index) => index + 1).filter(
    (number) => !drawn.has(number),
  );
  const next = (): number | undefined => {
    const again = skipped.pop();
    if (again !== undefined) return again;
    if (last >= settings.quota) return undefined;
    last += 1;
    report({ is: 'placed', total: last });
    return last;
  };
  const work = async (): Promise<void> => {
    for (;;) {
      const open = left.pop();
      if (open) {
        await trader.takeUp(open);
        continue;
      }
      const number = next();
      if (number === undefined) return;
      if (number % cycleEvery === 0) entries.push(number);
      else await trader.trade(number);
    }
  };
  const entries: number[] = [];
  let working = true;
  const hold = async (): Promise<void> => {
    for (;;) {
      const number = entries.shift();
      if (number !== undefined) await trader.cycle(number, (reduces += 1));
      else if (working) await later(20, undefined);
      else return;
    }
  };
  const holding = hold();
  await Promise.all(Array.from({ length: workers }, () => work()));
  working = false;
  await holding;
  report({ is: 'through' });
  await toldToSettle;
  await calls.settled(settings.times.calmMs);
}
