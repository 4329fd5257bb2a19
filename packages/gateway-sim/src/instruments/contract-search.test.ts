import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Gateway, GatewayOptions } from '../index.ts';
import { manualGatewayClock, startGateway } from '../index.ts';
import type { GatewayClient } from '../testing/gateway-client.ts';
import { gatewayClient } from '../testing/gateway-client.ts';

// A Monday of September 2026: MNQ's front month is December.
let gateway: Gateway;
let client: GatewayClient;
async function open(options: GatewayOptions = {}): Promise<void> {
  gateway = await startGateway({ clock: manualGatewayClock(), priceStepMs: 0, ...options });
  client = await gatewayClient(gateway);
}
async function reopen(options: GatewayOptions): Promise<void> {
  await gateway.close();
  await open(options);
}
const names = async (searchText: string | null, live = false): Promise<unknown[]> =>
  (await client.rows('Contract/search', 'contracts', { searchText, live })).map(({ name }) => name);
beforeEach(() => open());
afterEach(() => gateway.close());

describe('Contract/search', () => {
  it('matches internal codes too, so that the first row of a search for NQ is gas', async () => {
    const response = await fetch(`${gateway.url}/api/Contract/search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${client.token}` },
      body: '{"searchText":"NQ","live":false}',
    });
    expect(await response.text()).toBe(
      '{"contracts":[' +
        '{"id":"CON.F.US.NQG.X26","name":"QGX6","description":"E-mini Natural Gas: November 2026","tickSize":0.005,"tickValue":12.5,"activeContract":true,"symbolId":"F.US.NQG"},' +
        '{"id":"CON.F.US.NQM.X26","name":"QMX6","description":"E-mini Crude Oil: November 2026","tickSize":0.025,"tickValue":12.5,"activeContract":true,"symbolId":"F.US.NQM"},' +
        '{"id":"CON.F.US.ENQ.Z26","name":"NQZ6","description":"E-mini NASDAQ-100: December 2026","tickSize":0.25,"tickValue":5,"activeContract":true,"symbolId":"F.US.ENQ"},' +
        '{"id":"CON.F.US.MNQ.Z26","name":"MNQZ6","description":"Micro E-mini NASDAQ-100: December 2026","tickSize":0.25,"tickValue":0.5,"activeContract":true,"symbolId":"F.US.MNQ"}' +
        '],"success":true,"errorCode":0,"errorMessage":null}',
    );
  });

  it('takes any case, gives at most 20 rows, and without a text whatever there is', async () => {
    expect(await names('mnqz')).toEqual(['MNQZ6']);
    expect(await names('MNQ.Z26')).toEqual(['MNQZ6']);
    expect(await names(null)).toHaveLength(20);
    expect(await names('nothing')).toEqual([]);
  });

  it('puts names first, or looks at descriptions, by option', async () => {
    expect(await names('Yen')).toEqual([]);
    await reopen({ unknowns: { searchOrder: 'names-first', searchDescriptions: true } });
    expect(await names('NQ')).toEqual(['NQZ6', 'MNQZ6', 'QGX6', 'QMX6']);
    expect(await names('Yen')).toEqual(['6JZ6']);
    await reopen({ differences: ['search-by-name'] });
    expect(await names('NQ')).toEqual(['NQZ6', 'MNQZ6']);
  });
});

describe('live: true', () => {
  const bars = (live: boolean) =>
    client.post('History/retrieveBars', {
      contractId: client.contractId,
      live,
      startTime: '2026-09-21T13:00:00Z',
      endTime: '2026-09-21T14:00:00Z',
      unit: 2,
      unitNumber: 5,
      limit: 3,
      includePartialBar: false,
    });

  it('shows an account with simulated data no contract and no bar', async () => {
    expect(await client.post('Contract/search', { searchText: 'MNQ', live: true })).toEqual({
      contracts: [],
      success: true,
      errorCode: 0,
      errorMessage: null,
    });
    expect(await client.post('Contract/available', { live: true })).toEqual({
      contracts: [],
      success: true,
      errorCode: 0,
      errorMessage: null,
    });
    expect(
      (await client.rows('Contract/available', 'contracts', { live: false })).length,
    ).toBeGreaterThan(40);
    expect(await bars(true)).toEqual({ bars: [], success: true, errorCode: 0, errorMessage: null });
    expect((await bars(false))['bars']).toHaveLength(3);
  });

  it('gives bars, or everything, by option', async () => {
    await reopen({ unknowns: { liveBars: 'simulated' } });
    expect((await bars(true))['bars']).toHaveLength(3);
    expect(await names('MNQ', true)).toEqual([]);
    await reopen({ differences: ['live-data'] });
    expect((await bars(true))['bars']).toHaveLength(3);
    expect(await names('MNQ', true)).toEqual(['MNQZ6']);
  });
});

describe('a contract of the past', () => {
  const byId = async (contractId: string) => client.post('Contract/searchById', { contractId });

  it.each([
    ['CON.F.US.MNQ.U26', 'MNQU6', 'September 2026'],
    ['CON.F.US.MNQ.H24', 'MNQH4', 'March 2024'],
    ['CON.F.US.CLE.F25', 'CLF5', 'January 2025'],
  ])('%s is found as not active, and takes no order', async (contractId, name, month) => {
    expect(await byId(contractId)).toMatchObject({
      contract: {
        id: contractId,
        name,
        description: expect.stringContaining(month),
        activeContract: false,
      },
      success: true,
    });
    expect(await client.place({ contractId })).toEqual({
      orderId: null,
      success: false,
      errorCode: 9,
      errorMessage: null,
    });
    expect(
      await client.post('Position/closeContract', { accountId: 700_001, contractId }),
    ).toMatchObject({ success: false, errorCode: 4 });
    expect(await names(name)).toEqual([]);
  });

  it.each(['CON.F.US.MNQ.F24', 'CON.F.US.MNQ.Z30', 'CON.F.US.XXX.H24', 'MNQU6', ''])(
    'is not what %j names',
    async (contractId) => {
      expect(await byId(contractId)).toEqual({
        contract: null,
        success: false,
        errorCode: 1,
        errorMessage: null,
      });
      expect(await client.place({ contractId })).toMatchObject({ success: false, errorCode: 8 });
    },
  );

  it('is missing by option', async () => {
    await reopen({ differences: ['no-old-contracts'] });
    expect(await byId('CON.F.US.MNQ.U26')).toMatchObject({ contract: null, errorCode: 1 });
  });
});

describe('fees', () => {
  const costs = async (root: string): Promise<unknown[]> => {
    const [contract] = (
      await client.rows('Contract/available', 'contracts', { live: false })
    ).filter(({ name }) => String(name).slice(0, -2) === root);
    await client.place({ contractId: contract?.['id'], size: 15, customTag: root });
    const [trade] = await client.rows('Trade/search', 'trades');
    return [trade?.['fees'], trade?.['commissions']];
  };

  it.each([
    // Recorded: 15 MYM cost 5.55 and 3.75, ZB 0.89 and 0.50 each.
    ['MYM', 5.55, 3.75],
    ['MNQ', 5.4, 3.75],
    ['MCL', 7.65, 3.75],
    ['ZB', 13.35, 7.5],
    ['NQ', 20.85, 7.5],
  ])(
    'of %s are those of the product, for the whole of a trade',
    async (root, fees, commissions) => {
      expect(await costs(root)).toEqual([fees, commissions]);
    },
  );

  it('are those that an author sets', async () => {
    await reopen({ fees: { MNQ: { fees: 1, commissions: 0.1 } } });
    expect(await costs('MNQ')).toEqual([15, 1.5]);
    expect(await costs('MYM')).toEqual([5.55, 3.75]);
    await expect(startGateway({ fees: { MNQZ6: { fees: 1, commissions: 0 } } })).rejects.toThrow(
      'fees.MNQZ6: is no product, must be the name of one such as MNQ',
    );
  });
});
