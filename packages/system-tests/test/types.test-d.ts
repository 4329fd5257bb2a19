// Checked by the compiler (npm run check): every expected error must be one, and everything else must compile.
import { topstepx } from '@hotpath/adapter-topstepx';
import type {
  Broker,
  CancelOutcome,
  ClientOrderId,
  OrderId,
  PlaceOutcome,
  RoutingConfig,
} from '@hotpath/core';
import { createBroker, createRegistry, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';

declare const broker: Broker<'fast' | 'fallback'>;
declare const placed: PlaceOutcome;
declare const cancelled: CancelOutcome;
const adapter = topstepx({ account: 'PRAC-V2-1001' });
const executors = { fast: fastExecutor(), fallback: fallbackExecutor() };
const journal = memoryJournal();

export async function brokers(): Promise<void> {
  const made = await createBroker({
    adapter,
    executors,
    journal,
    routing: { version: 1, salt: 's', default: { fast: 25, fallback: 75 } },
  });
  made.executors().fast satisfies object;
  // @ts-expect-error: there is no executor of that key
  made.executors().quick satisfies object;
  await createBroker({
    // @ts-expect-error: a weight for an executor that does not exist
    adapter,
    executors,
    journal,
    routing: { version: 1, salt: 's', default: { fats: 25, fallback: 75 } },
  });
  await createBroker({
    // @ts-expect-error: the same in a rule
    adapter,
    executors,
    journal,
    routing: {
      version: 1,
      salt: 's',
      default: { fast: 100 },
      rules: [{ match: {}, weights: { quick: 100 } }],
    },
  });
  await createBroker({
    // @ts-expect-error: the journal is required
    adapter,
    executors,
    routing: { version: 1, salt: 's', default: { fast: 100 } },
  });
  await createBroker({
    // @ts-expect-error: a factory is called
    adapter,
    executors: { fast: fastExecutor },
    journal,
    routing: { version: 1, salt: 's', default: { fast: 100 } },
  });
  await createBroker({
    // @ts-expect-error: an executor is no adapter
    adapter: fastExecutor(),
    executors,
    journal,
    routing: { version: 1, salt: 's', default: { fast: 100 } },
  });
  await createBroker({
    registry: createRegistry().use(topstepx).use(fastExecutor),
    config: './hotpath.config.json',
  });
  // @ts-expect-error: the account is required: never "the first one"
  topstepx({ userName: 'demo' });
  // @ts-expect-error: a misspelt option
  fastExecutor({ conections: 4 });
}

export async function orders(): Promise<void> {
  const order = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
  await broker.placeLimitOrder({ ...order, limitPrice: 24_000 });
  // @ts-expect-error: a limit order has a price
  await broker.placeLimitOrder(order);
  // @ts-expect-error: a stop order has a price
  await broker.placeOrder({ ...order, type: 'stop' });
  // @ts-expect-error: a side is "buy" or "sell"
  await broker.placeMarketOrder({ ...order, side: 'BUY' });
  // @ts-expect-error: no such field
  await broker.placeMarketOrder({ ...order, bracket: { stopLoss: 40 } });
  await broker.placeTrailingStopOrder({ ...order, trailPrice: 24_000 });
  await broker.placeTrailingStopOrder({ ...order, trailTicks: 40 });
  // @ts-expect-error: one of the two
  await broker.placeTrailingStopOrder({ ...order, trailPrice: 24_000, trailTicks: 40 });
  // Plain strings go in, undefined may stand for "left out" …
  await broker.placeMarketOrder({ ...order, clientOrderId: 'entry-1', strategy: undefined });
  await broker.cancelOrder({ orderId: '3400000001' });
  // @ts-expect-error: by one id or the other
  await broker.cancelOrder({ orderId: '3400000001', clientOrderId: 'entry-1' });
  // … branded ones come out.
  if (placed.kind === 'accepted') {
    placed.orderId satisfies OrderId;
    placed.clientOrderId satisfies ClientOrderId;
    placed.orderId satisfies string;
    // @ts-expect-error: one id is not the other
    placed.orderId satisfies ClientOrderId;
  }
  // @ts-expect-error: there is an order id only where the venue has the order, or refused one
  placed.orderId satisfies string;
}

export function everyKind(outcome: PlaceOutcome): string {
  switch (outcome.kind) {
    case 'accepted':
      return outcome.orderId;
    case 'rejected':
    case 'not-sent':
      return outcome.code;
    case 'unknown':
      return outcome.final ? outcome.code : outcome.message;
  }
}

// @ts-expect-error: what an unknown outcome gives is not handled
export function oneKindForgotten(outcome: PlaceOutcome): string {
  // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the compiler must see it without the linter
  switch (outcome.kind) {
    case 'accepted':
      return outcome.orderId;
    case 'rejected':
    case 'not-sent':
      return outcome.code;
  }
}

export function becameIsThere(): number {
  if (cancelled.kind !== 'accepted') return 0;
  // @ts-expect-error: a cancel becomes no such thing
  if (cancelled.became === 'flat') return 1;
  return cancelled.remainingQuantity;
}

export async function theEndOfAnUnknown(): Promise<void> {
  if (placed.kind !== 'unknown' || placed.final) return;
  const end = await placed.resolved;
  if (end.kind === 'unknown') end.final satisfies true;
}

broker.on('order.accepted', (outcome) => outcome.kind satisfies 'accepted');
// @ts-expect-error: no such event
broker.on('order.acepted', () => undefined);
broker.on('executor.fallback', ({ from }) => from satisfies 'fast' | 'fallback');

const table: RoutingConfig<'a' | 'b'> = { version: 1, salt: 's', default: { a: 1, b: 99 } };
table satisfies RoutingConfig;
