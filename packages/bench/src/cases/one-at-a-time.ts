import { bareFallbackExecutor, bareFastExecutor } from '../clients/bare-executor.ts';
import type { OpenClient } from '../clients/client.ts';
import { axiosClient, gotClient, nodeHttp } from '../clients/node-http-clients.ts';
import { openBroker, placeOnce } from '../clients/open-broker.ts';
import type { ExecutorName, JournalKind } from '../clients/open-broker.ts';
import { newConnection, rawSocket } from '../clients/raw-clients.ts';
import { plainFetch, undiciDispatch, undiciRequest } from '../clients/undici-clients.ts';
import type { MeasuredCase } from '../measure/measured-case.ts';
import { measureRounds } from '../measure/measure-rounds.ts';
import type { BenchContext, PartResult } from './bench-context.ts';
import { closing, transports } from './bench-context.ts';

/** Long enough for an idle connection to be looked at before its next use. */
const restMs = 1.5;
const oneAtATime = 'one at a time';
const afterRest = 'one at a time, after 1.5 ms of rest';

/** Every client side by side, over HTTP and HTTPS, against the floor server. */
export async function oneByOne(context: BenchContext): Promise<PartResult> {
  const { quick, chance, progress } = context;
  const cases: MeasuredCase[] = [];
  return closing(cases, async () => {
    for (const transport of transports) await openCases(context, transport, cases);
    return {
      measured: await measureRounds(cases, {
        rounds: quick ? 16 : 200,
        perRound: quick ? 20 : 100,
        warmUp: quick ? 200 : 2_000,
        chance,
        progress,
      }),
    };
  });
}

async function openCases(
  { floor, orders, nextAccount }: BenchContext,
  transport: 'http' | 'https',
  cases: MeasuredCase[],
): Promise<void> {
  const url = floor.url(transport);
  const client = async (
    open: OpenClient,
    load = oneAtATime,
    share = 1,
    rest?: number,
  ): Promise<void> => {
    const opened = await open({ url, order: orders[transport] });
    cases.push({
      name: opened.name,
      operation: 'place',
      transport,
      journal: 'none',
      rttMs: 0,
      load,
      share,
      restMs: rest,
      once: () => opened.send(),
      close: () => opened.close(),
    });
  };
  const whole = async (
    executor: ExecutorName,
    journal: JournalKind,
    load = oneAtATime,
    share = 1,
    rest?: number,
  ): Promise<void> => {
    const { broker, close } = await openBroker({ url, journal, executor, account: nextAccount() });
    cases.push({
      name: `whole, ${executor} executor`,
      operation: 'place',
      transport,
      journal,
      rttMs: 0,
      load,
      share,
      restMs: rest,
      once: () => placeOnce(broker),
      close,
    });
  };
  await client(rawSocket);
  await client(bareFastExecutor);
  await whole('fast', 'memory');
  await whole('fast', 'file');
  await whole('fast', 'file, fsync', oneAtATime, 0.2);
  await client(undiciDispatch);
  await client(undiciRequest);
  await client(nodeHttp);
  await client(bareFallbackExecutor);
  await whole('fallback', 'memory');
  await whole('fallback', 'file');
  await client(plainFetch);
  await client(axiosClient, oneAtATime, 0.5);
  await client(gotClient, oneAtATime, 0.5);
  await client(newConnection, oneAtATime, transport === 'https' ? 0.1 : 0.3);
  await client(rawSocket, afterRest, 0.2, restMs);
  await whole('fast', 'memory', afterRest, 0.2, restMs);
}
