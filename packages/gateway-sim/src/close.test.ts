import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { manualGatewayClock, startGateway } from './index.ts';
import { gatewayClient } from './testing/gateway-client.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-close-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('carries nothing out that was due later: its state file is closed', async () => {
  const clock = manualGatewayClock();
  const stateFile = join(folder, 'state');
  const gateway = await startGateway({ clock, priceStepMs: 0, stateFile });
  const client = await gatewayClient(gateway);
  gateway.faults.add({
    endpoint: 'Order/place',
    fault: { kind: 'delay', byMs: 5000, answer: 503 },
  });
  await client.place({ customTag: 'late' }).catch(() => undefined);
  await gateway.close();
  const saved = readFileSync(stateFile, 'utf8');
  clock.advance(10_000);
  expect(gateway.truth().orders).toEqual([]);
  expect(readFileSync(stateFile, 'utf8')).toBe(saved);
});

it('lets the legs of an entry from before a reset stay with it: they are no orders of the venue that is new', async () => {
  const clock = manualGatewayClock();
  const stateFile = join(folder, 'state');
  await using gateway = await startGateway({
    clock,
    priceStepMs: 0,
    stateFile,
    accounts: [{ id: 700_001, name: 'PRAC-V2-1', bracketMode: 'auto-oco' }],
  });
  const client = await gatewayClient(gateway);
  await client.place({ customTag: 'entry', stopLossBracket: { ticks: -40, type: 4 } });
  gateway.reset();
  const saved = readFileSync(stateFile, 'utf8');
  clock.advance(10_000);
  expect(readFileSync(stateFile, 'utf8')).toBe(saved);
});

it('can be asked for twice, as `await using` behind a close of its own does', async () => {
  const gateway = await startGateway({ priceStepMs: 0, stateFile: join(folder, 'state') });
  await Promise.all([gateway.close(), gateway.close()]);
  await expect(gateway[Symbol.asyncDispose]()).resolves.toBeUndefined();
});
