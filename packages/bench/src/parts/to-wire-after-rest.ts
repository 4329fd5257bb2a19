import { openBroker } from '../clients/open-broker.ts';
import { median } from '../measure/percentiles.ts';

/** Microseconds from the call to the write, medians. */
export interface ToWire {
  /** One order right behind the other. */
  readonly backToBack: number;
  /** After 20 ms in which the process slept. */
  readonly afterRest: number;
  /** The same, with a dry run of the order every 5 ms. */
  readonly afterDryRuns: number;
}

const order = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function toWireAfterRest(url: string): Promise<ToWire> {
  const { broker, close } = await openBroker({ url, journal: 'memory' });
  const toWire = async (count: number, rest: () => Promise<unknown>): Promise<number> => {
    const taken: number[] = [];
    for (let index = 0; index < count; index += 1) {
      await rest();
      const { timings } = await broker.placeMarketOrder(order);
      taken.push((timings.toWire ?? Number.NaN) * 1_000);
    }
    return median(taken);
  };
  const dryRuns = async (): Promise<void> => {
    for (let run = 0; run < 4; run += 1) {
      await sleep(5);
      await broker.placeMarketOrder({ ...order, dryRun: true });
    }
  };
  try {
    await toWire(5_000, () => Promise.resolve());
    return {
      backToBack: await toWire(2_000, () => Promise.resolve()),
      afterRest: await toWire(150, () => sleep(20)),
      afterDryRuns: await toWire(150, dryRuns),
    };
  } finally {
    await close();
  }
}
