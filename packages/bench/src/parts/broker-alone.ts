import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, Delivery, ExecutorPlugin, Journal } from '@hotpath/core';
import { createBroker } from '@hotpath/core';
import { fastExecutor } from '@hotpath/executor-fast';
import { placeOnce } from '../clients/open-broker.ts';
import { median } from '../measure/percentiles.ts';

/** Orders of one round. */
const perRound = 5_000;
const rounds = 15;

/** Microseconds of an order in a broker whose executor answers at once: everything but the network and the executor. Median of rounds. */
export async function brokerAlone(url: string, journal: Journal): Promise<number> {
  const broker = await brokerAnsweredAtOnce(url, journal);
  const costs: number[] = [];
  try {
    for (let round = -3; round < rounds; round += 1) {
      const before = performance.now();
      for (let order = 0; order < perRound; order += 1) await placeOnce(broker);
      if (round >= 0) costs.push(((performance.now() - before) * 1_000) / perRound);
    }
  } finally {
    await broker.close();
  }
  return median(costs);
}

/** Reads go over the network; an order is answered by the executor itself, as the gateway would. */
function brokerAnsweredAtOnce(url: string, journal: Journal): Promise<Broker<'fast'>> {
  let orderId = 3_400_000_000;
  const fast = fastExecutor();
  const atOnce: ExecutorPlugin = {
    ...fast,
    async setup(context) {
      const reads = await fast.setup(context);
      return {
        connect: () => reads.connect(),
        close: () => reads.close(),
        get state() {
          return reads.state;
        },
        deliver(request, options) {
          if (request.template.operation !== 'place') return reads.deliver(request, options);
          orderId += 1;
          const body = Buffer.from(
            `{"orderId":${orderId},"success":true,"errorCode":0,"errorMessage":null}`,
          );
          const now = context.clock.monotonic();
          const delivery: Delivery = {
            stage: 'answered',
            bytes: 'all',
            answer: { status: 200, headers: {}, body },
            marks: { queued: now, written: now, firstByte: now, end: now },
          };
          return Promise.resolve(delivery);
        },
      };
    },
  };
  return createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: url,
      rateLimit: 'off',
    }),
    executors: { fast: atOnce },
    routing: { version: 1, salt: 'bench', default: { fast: 100 } },
    journal,
  });
}
