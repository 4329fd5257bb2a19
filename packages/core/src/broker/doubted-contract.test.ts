import { afterEach, expect, it } from 'vitest';
import type { ContractId } from '../brand.ts';
import type { Broker } from '../broker/broker.ts';
import { testContract } from '../testing/scripted-adapter.ts';
import type { ScriptedBroker } from '../testing/scripted-broker.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { answered } from '../testing/scripted-executor.ts';

const old = testContract({ root: 'MNQ' });
const next = testContract({ root: 'MNQ', id: 'CON.F.US.MNQ.H27' as ContractId, name: 'MNQH7' });
const limit = { symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 20_000 } as const;
const open: Broker[] = [];
afterEach(async () => {
  for (const broker of open.splice(0)) await broker.close();
});

/** A broker whose adapter doubts MNQ until it is told what MNQ stands for. */
async function doubting(
  options: { readonly prepare?: () => Promise<void>; readonly symbols?: readonly string[] } = {},
): Promise<ScriptedBroker & { readonly read: () => void }> {
  let isDoubted = true;
  let read = (): void => undefined;
  const scripted = await scriptedBroker({
    fast: (_, index) => answered({ is: 'accepted', orderId: String(index + 1) }),
    reduceWith: 'tagged-order',
    adapter: {
      contracts: [old],
      isDoubted: (symbol) => isDoubted && (options.symbols ?? ['MNQ']).includes(symbol),
      positions: () => [
        {
          contractId: old.id,
          side: 'buy',
          quantity: 2,
          averagePrice: 20_000,
          openedAt: 0,
          asOf: 0,
        },
      ],
      prepare: (_missing, _symbol, adapter) =>
        options.prepare?.() ??
        new Promise((resolve) => {
          read = () => {
            isDoubted = false;
            adapter.contracts.set('MNQ', next).set(next.id, next);
            resolve();
          };
        }),
    },
  });
  open.push(scripted.broker);
  return { ...scripted, read: () => read() };
}
const contractsOf = ({ fast }: ScriptedBroker): unknown[] =>
  fast.deliveries.map(
    ({ request }) => (JSON.parse(request.body) as { readonly contractId: unknown }).contractId,
  );

it('an order for a symbol in doubt leaves when it is known what the symbol stands for, and for that', async () => {
  const scripted = await doubting();
  const placing = scripted.broker.placeLimitOrder(limit);
  await new Promise((resolve) => setImmediate(resolve));
  expect(contractsOf(scripted)).toEqual([]);
  scripted.read();
  expect(await placing).toMatchObject({ kind: 'accepted' });
  expect(contractsOf(scripted)).toEqual([next.id]);
});

it('an order goes by what is known where nothing newer can be read', async () => {
  const scripted = await doubting({ prepare: () => Promise.reject(new Error('HTTP 503')) });
  expect(await scripted.broker.placeLimitOrder(limit)).toMatchObject({ kind: 'accepted' });
  expect(contractsOf(scripted)).toEqual([old.id]);
});

it('what gets out waits for nobody: an exit of a symbol in doubt leaves at once', async () => {
  const scripted = await doubting({
    prepare: () => new Promise(() => undefined),
    symbols: ['MNQ', old.name, old.id],
  });
  const reduced = await scripted.broker.reducePosition({ symbol: 'MNQ', quantity: 1 });
  expect(reduced).toMatchObject({ kind: 'accepted' });
  expect(scripted.fast.deliveries.map(({ request }) => request.template.operation)).toEqual([
    'place',
  ]);
});

it('a month named by itself is not in doubt', async () => {
  const scripted = await doubting({ prepare: () => new Promise(() => undefined) });
  expect(await scripted.broker.placeLimitOrder({ ...limit, symbol: old.name })).toMatchObject({
    kind: 'accepted',
  });
});
