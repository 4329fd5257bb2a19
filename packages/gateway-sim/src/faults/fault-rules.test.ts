import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '../index.ts';
import { startGateway } from '../index.ts';
import type { Fields } from '../testing/fault-trial.ts';
import { FaultTrial, accountId } from '../testing/fault-trial.ts';

const trial = new FaultTrial();
beforeEach(() => trial.begin());
afterEach(() => trial.end());

describe('rules', () => {
  it('strike one account, the nth call, and so many times', async () => {
    const id = trial.on({ kind: 'status', status: 500 }, { accountId: 700_002, count: 1 });
    expect((await trial.place('a')).status).toBe(200);
    const other = () => trial.post('Order/place', { ...trial.order(), accountId: 700_002 });
    expect([(await other()).status, (await other()).status]).toEqual([500, 200]);
    expect(trial.gateway.faults.counts()).toEqual({ [id]: { matched: 2, struck: 1 } });
    trial.gateway.faults.clear();
    trial.gateway.faults.add({
      endpoint: 'order/*',
      fault: { kind: 'status', status: 502 },
      nth: 3,
    });
    const statuses = [
      (await trial.place()).status,
      (await trial.post('Order/searchOpen', { accountId })).status,
      (await trial.place()).status,
      (await trial.place()).status,
    ];
    expect(statuses).toEqual([200, 200, 502, 200]);
  });

  it('strike by chance, the same calls for the same seed', async () => {
    const pattern = async (seed: number): Promise<string> => {
      trial.gateway.faults.clear();
      trial.gateway.faults.add({
        id: 'chance',
        endpoint: 'Status/ping',
        probability: 0.3,
        seed,
        fault: { kind: 'status', status: 500 },
      });
      let seen = '';
      for (let index = 0; index < 60; index += 1)
        seen += (await fetch(`${trial.gateway.url}/api/Status/ping`)).ok ? '.' : 'x';
      return seen;
    };
    const first = await pattern(1);
    expect(await pattern(1)).toBe(first);
    expect(await pattern(2)).not.toBe(first);
    expect(first).toContain('x');
    expect(first).toContain('.');
  });

  it.each([
    [
      { endpoint: 'Order/plac', fault: { kind: 'status', status: 500 } },
      /endpoint is "Order\/plac", must be one of .*Order\/place/,
    ],
    [
      { accountId, fault: { kind: 'reset', at: 'before-reading' } },
      /accountId cannot be known yet/,
    ],
    [{ probability: 2, fault: { kind: 'hub-drop' } }, /probability/],
    [
      { endpoint: 'Order/place', fault: { kind: 'event-drop' } },
      /endpoint goes with faults of requests/,
    ],
    [{ hub: 'user', fault: { kind: 'slow' } }, /hub and event go with faults of hubs/],
    [{ nth: 1, fault: { kind: 'refuse' } }, /listens or does not/],
  ] as [FaultRule, RegExp][])('that cannot be meant are refused: %j', (rule, text) => {
    expect(() => trial.gateway.faults.add(rule)).toThrow(text);
  });

  it('come from the options, and a reset arms them again', async () => {
    await using sim = await startGateway({
      faults: [{ endpoint: 'Status/ping', count: 1, fault: { kind: 'status', status: 500 } }],
    });
    const ping = async (): Promise<number> => (await fetch(`${sim.url}/api/Status/ping`)).status;
    expect([await ping(), await ping()]).toEqual([500, 200]);
    sim.reset();
    expect([await ping(), await ping()]).toEqual([500, 200]);
  });

  it('are added, listed and removed over HTTP while the gateway runs', async () => {
    const url = `${trial.gateway.url}/sim/faults`;
    const control = async (
      method: string,
      path = '',
      body?: unknown,
    ): Promise<{ status: number; fields: Fields }> => {
      const response = await fetch(`${url}${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, fields: (await response.json()) as Fields };
    };
    expect(
      await control('POST', '', {
        id: 'mine',
        endpoint: 'Order/place',
        fault: { kind: 'status', status: 500 },
      }),
    ).toEqual({ status: 200, fields: { id: 'mine' } });
    expect((await trial.place()).status).toBe(500);
    expect((await control('GET')).fields).toEqual({
      faults: [
        {
          id: 'mine',
          endpoint: 'Order/place',
          fault: { kind: 'status', status: 500 },
          matched: 1,
          struck: 1,
        },
      ],
    });
    expect(await control('POST', '', { fault: { kind: 'status', status: 'x' } })).toMatchObject({
      status: 400,
      fields: { error: expect.stringContaining('fault.status') },
    });
    expect(await control('POST', '', { fault: { kind: 'refuse' } })).toMatchObject({
      status: 400,
      fields: { error: expect.stringContaining('forMs') },
    });
    expect(await control('DELETE', '/other')).toMatchObject({ status: 404 });
    expect(await control('DELETE', '/mine')).toEqual({ status: 200, fields: { faults: [] } });
    await control('POST', '', { fault: { kind: 'status', status: 500 } });
    expect((await control('DELETE')).fields).toEqual({ faults: [] });
    expect((await trial.place()).status).toBe(200);
  });
});
