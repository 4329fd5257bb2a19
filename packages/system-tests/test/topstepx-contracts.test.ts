import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectedAdapter, Trial } from './topstepx-trial.ts';
import { mnq, startTrial } from './topstepx-trial.ts';

let trial: Trial;
let connected: ConnectedAdapter;
beforeEach(async () => {
  trial = await startTrial();
  connected = await trial.connect();
});
afterEach(() => trial.stop());

const rolls = () => connected.evidence.filter((item) => item.of === 'roll');
const hourMs = 3_600_000;
const refusal = (errorCode: number) => ({
  status: 200,
  headers: {},
  body: new TextEncoder().encode(
    JSON.stringify({ orderId: null, success: false, errorCode, errorMessage: null }),
  ),
});

describe('a contract that rolls', () => {
  it('is bound anew at the opening of the session, told, and its old month still known by name', async () => {
    const { adapter } = connected;
    const before = adapter.contract('MNQ');
    expect(before?.id).toBe(mnq);
    const next = trial.gateway.rollContract('MNQ');
    // 14:00 UTC is 9:00 in Chicago, eight hours before the opening.
    await trial.pass(8 * hourMs - 60_000, 5000);
    expect(adapter.contract('MNQ')?.id).toBe(mnq);
    await trial.pass(3 * 60_000, 5000);
    expect(adapter.contract('MNQ')).toMatchObject({ id: next, root: 'MNQ', active: true });
    expect(rolls()).toEqual([{ of: 'roll', from: before, to: adapter.contract(next) }]);
    expect(adapter.contract(mnq)).toMatchObject({ id: mnq, active: false });
    expect(adapter.contract(before?.name ?? '')).toMatchObject({ id: mnq });
  });

  it.each([9, 8])(
    'is bound anew after a place was refused with code %i, and the list is not asked for by every refusal',
    async (code) => {
      const { adapter, paths } = connected;
      const next = trial.gateway.rollContract('MNQ');
      await trial.pass(10_000);
      for (let order = 0; order < 20; order += 1) adapter.decode('place', refusal(code));
      await trial.until(() => adapter.contract('MNQ')?.id === next);
      expect(rolls()).toHaveLength(1);
      expect(paths.filter((path) => path === '/api/Contract/available')).toHaveLength(2);
    },
  );

  it('is read again until it can be', async () => {
    const next = trial.gateway.rollContract('MNQ');
    trial.gateway.faults.add({
      endpoint: 'Contract/available',
      count: 3,
      fault: { kind: 'status', status: 503 },
    });
    await trial.pass(8 * hourMs + 2 * 60_000, 5000);
    expect(connected.adapter.contract('MNQ')?.id).toBe(next);
    expect(rolls()).toHaveLength(1);
  });

  it('is not told while nothing has changed', async () => {
    await trial.pass(26 * hourMs, 9000);
    expect(rolls()).toEqual([]);
    expect(
      connected.paths.filter((path) => path === '/api/Contract/available').length,
    ).toBeGreaterThan(1);
  });
});

describe('symbols', () => {
  it('may be roots, names or ids, and none is made up', async () => {
    const { adapter } = connected;
    const contract = adapter.contract('MNQ');
    expect(adapter.contract(contract?.name ?? '')).toEqual(contract);
    expect(adapter.contract(mnq)).toEqual(contract);
    await adapter.prepare('contract', 'NOPE');
    await adapter.prepare('contract', 'CON.F.US.NOPE.Z26');
    expect(adapter.contract('NOPE') ?? adapter.contract('CON.F.US.NOPE.Z26')).toBeUndefined();
  });
});
