import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, BrokerOptions } from '@hotpath/core';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { Gateway } from '@hotpath/gateway-sim';
import { createCcxtExchange } from '@hotpath/host-ccxt';
import type { Exchange } from 'ccxt';

/** A ccxt exchange on a simulated venue, its markets loaded and its broker in step with the venue. */
export async function ccxtOnGateway(
  gateway: Gateway,
  weights: { readonly fast: number; readonly fallback: number } = { fast: 50, fallback: 50 },
  options: Partial<BrokerOptions<string>> = {},
): Promise<{ readonly broker: Broker; readonly exchange: Exchange }> {
  const broker: Broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: 'PRAC-V2-1001',
      baseUrl: gateway.url,
    }),
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: { version: 1, salt: 'ccxt', default: weights },
    journal: memoryJournal(),
    ...options,
  });
  await new Promise<void>((resolve) => broker.once('stream.synced', () => resolve()));
  const exchange = createCcxtExchange({ broker });
  await exchange.loadMarkets();
  return { broker, exchange };
}

export function symbolOf(exchange: Exchange, root: string): string {
  return String(Object.values(exchange.markets ?? {}).find(({ base }) => base === root)?.symbol);
}

/** The class's own name, by which ccxt's callers tell errors apart, and what it says. */
export async function thrown(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'nothing';
  } catch (error) {
    return error instanceof Error ? `${error.constructor.name}: ${error.message}` : String(error);
  }
}
