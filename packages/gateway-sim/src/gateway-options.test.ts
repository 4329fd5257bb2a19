import { expect, it } from 'vitest';
import { manualGatewayClock, startGateway } from './index.ts';
import { gatewayClient } from './testing/gateway-client.ts';

it.each([
  [{ prot: 8787 }, 'prot: is no option; did you mean "port"?'],
  [{ priceStep: 5 }, 'priceStep: is no option; did you mean "priceStepMs"?'],
  [{ port: '8787' }, 'port: Invalid input'],
  [{ tokenLifetimeMs: NaN }, 'tokenLifetimeMs: Invalid input'],
  [{ accounts: [{ id: 1, name: 'a', balanse: 5 }] }, 'accounts.0.balanse: is no option'],
  [{ log: 'stdout' }, 'log: must be a function that takes an entry'],
  [{ clock: {} }, 'clock.now: must be a function that gives milliseconds since the epoch'],
  [{ manualClockFrom: '2026-09-21T14:00:00Z' }, 'manualClockFrom: is no option'],
  [null, 'options: Invalid input'],
])('refuses %j by the name of the option', async (options, problem) => {
  await expect(startGateway(options as never)).rejects.toThrow(problem);
});

it('takes what code can give', async () => {
  await using gateway = await startGateway({
    clock: manualGatewayClock(0),
    log: () => undefined,
    replay: { MNQ: { kind: 'ticks', csv: 'price\n20000\n' } },
    faults: [],
    simPort: 'off',
    users: undefined,
  });
  expect(gateway.simUrl).toBeUndefined();
});

it.each([
  [
    'throws',
    (): never => {
      throw new Error('the log disk is full');
    },
  ],
  ['rejects', (): unknown => Promise.reject(new Error('the log disk is full'))],
])('a log that %s ends no gateway, and is told once', async (_how, log) => {
  const warnings: string[] = [];
  const listener = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', listener);
  try {
    await using gateway = await startGateway({ priceStepMs: 0, log });
    const client = await gatewayClient(gateway);
    expect(await client.place({})).toMatchObject({ success: true });
    await expect
      .poll(() => warnings)
      .toEqual([
        'The option log of startGateway failed, and its entries are lost: the log disk is full',
      ]);
  } finally {
    process.off('warning', listener);
  }
});
