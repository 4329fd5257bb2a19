import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Gateway, GatewayOptions } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

let folder: string;
let stateFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-state-'));
  stateFile = join(folder, 'state');
});
afterEach(() => rmSync(folder, { recursive: true }));

const noon = Date.UTC(2026, 8, 21, 17);
const start = (options: GatewayOptions = {}): Promise<Gateway> =>
  startGateway({
    clock: manualGatewayClock(noon),
    priceStepMs: 0,
    stateFile,
    accounts: [{ id: 700_001, name: 'PRAC-V2-1', bracketMode: 'auto-oco' }],
    ...options,
  });
const inUse = {
  success: false,
  errorCode: 2,
  errorMessage: 'Specified custom tag is already in use',
};
const brackets = {
  stopLossBracket: { ticks: -40, type: 4 },
  takeProfitBracket: { ticks: 60, type: 1 },
};

/** Some of everything: filled, reversed, resting, rejected, cancelled, suspended, with and without a tag. */
async function trade(gateway: Gateway): Promise<void> {
  const client = await gatewayClient(gateway);
  await client.place({ customTag: 'bought', size: 2, ...brackets });
  await client.place({ customTag: 'reversed', side: 1, size: 3 });
  const { orderId } = await client.place({
    customTag: 'resting',
    type: 1,
    limitPrice: 23000,
    ...brackets,
  });
  await client.place({ type: 4, stopPrice: 25000 });
  await client.place({ customTag: 'refused', type: 1, limitPrice: 23000.1 });
  const { orderId: gone } = await client.place({
    customTag: 'cancelled',
    type: 1,
    limitPrice: 22000,
  });
  await client.post('Order/cancel', { accountId: 700_001, orderId: gone });
  await client.post('Order/modify', { accountId: 700_001, orderId, limitPrice: 23001 });
}

it('brings back orders, fills, positions, money, tags and ids after the process was killed', async () => {
  await using first = await start();
  await trade(first);
  const before = first.truth();
  // What a kill leaves behind: the file as it is, with nothing closed.
  const copy = join(folder, 'copy');
  copyFileSync(stateFile, copy);

  await using second = await start({ stateFile: copy, bracketActivationMs: 0 });
  const { orders, fills, positions, accounts } = second.truth();
  // A request that changed nothing leaves no event, so its record may be missing; the legs of the filled entry work now.
  const facts = (all: typeof orders) =>
    all
      .filter(({ customTag }) => customTag?.startsWith('bought-') !== true)
      .map((order) => ({ ...order, requests: undefined }));
  expect(facts(orders)).toEqual(facts(before.orders));
  expect({ fills, positions, accounts }).toEqual({
    fills: before.fills,
    positions: before.positions,
    accounts: before.accounts,
  });
  const legs = orders.filter(({ customTag }) => customTag?.startsWith('bought-') === true);
  expect(legs.map(({ status, customTag }) => [customTag, status])).toEqual([
    ['bought-SL', 1],
    ['bought-TP', 1],
  ]);

  const client = await gatewayClient(second);
  for (const customTag of ['bought', 'BOUGHT-sl', 'refused', 'cancelled', 'resting-TP'])
    expect(await client.place({ customTag })).toMatchObject(inUse);
  const { orderId } = await client.place({ customTag: 'new' });
  // Refusals for a tag in use take ids too, as at any other time.
  expect(Number(orderId)).toBeGreaterThan(Math.max(...before.orders.map(({ id }) => id)));
});

it('brings back what came after a restart as well, and a leg still ends its sibling', async () => {
  {
    await using first = await start({ bracketActivationMs: 0 });
    await (await gatewayClient(first)).place({ customTag: 'a', ...brackets });
  }
  {
    await using second = await start({ bracketActivationMs: 0 });
    const client = await gatewayClient(second);
    await client.post('Order/modify', {
      accountId: 700_001,
      orderId: 3_400_000_003,
      limitPrice: 24000,
    });
  }
  await using third = await start();
  expect(third.truth().orders.map(({ customTag, status }) => [customTag, status])).toEqual([
    ['a', 2],
    ['a-SL', 3],
    ['a-TP', 2],
  ]);
  expect(third.truth().positions).toEqual([]);
});

it('takes a file whose last line was cut off, and says which other line it cannot read', async () => {
  {
    await using first = await start();
    await (await gatewayClient(first)).place({ customTag: 'whole' });
  }
  appendFileSync(stateFile, '{"order":{"id":34');
  {
    await using second = await start();
    expect(second.truth().orders.map(({ customTag }) => customTag)).toEqual(['whole']);
  }
  writeFileSync(stateFile, `${readFileSync(stateFile, 'utf8')}not a line\n`);
  await expect(start()).rejects.toThrow(
    /^stateFile: line \d+ of .+ is no order, no fill and no contract/,
  );
});

it('is emptied by a reset', async () => {
  {
    await using first = await start();
    await trade(first);
    first.reset();
    await (await gatewayClient(first)).place({ customTag: 'after' });
  }
  await using second = await start();
  expect(second.truth().orders.map(({ customTag }) => customTag)).toEqual(['after']);
  expect(await (await gatewayClient(second)).place({ customTag: 'bought' })).toMatchObject({
    success: true,
  });
});
