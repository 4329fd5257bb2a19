// What a machine in the zone of `TZ` finds with times that have none: run by zoneless-times.test.ts.
import { manualGatewayClock, startGateway } from '@hotpath/gateway-sim';

const gateway = await startGateway({
  clock: manualGatewayClock(Date.UTC(2026, 8, 21, 14)),
  priceStepMs: 0,
  differences: process.argv.slice(2),
});
let token = '';
const post = async (path, body) => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return (
    await fetch(`${gateway.url}/api/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
  ).json();
};
({ token } = await post('Auth/loginKey', { userName: 'demo', apiKey: 'demo-key' }));
const accountId = 700_001;
const contractId = 'CON.F.US.MNQ.Z26';
await post('Order/place', { accountId, contractId, type: 2, side: 0, size: 1 });
/** Rows from the order's very minute on, and from the next one on. */
const both = async (ask) => [await ask('2026-09-21T14:00:00'), await ask('2026-09-21T14:01')];
const span = (path, list) =>
  both(async (startTimestamp) => (await post(path, { accountId, startTimestamp }))[list].length);
const query = await both(
  async (createdAfter) =>
    (await post('Order/v2/query', { filter: { accountId, createdAfter } })).orders.length,
);
const bars = {
  contractId,
  live: false,
  startTime: '2026-09-21T13:55:00.000',
  endTime: '2026-09-21T13:59:59',
  unit: 2,
  unitNumber: 5,
  limit: 9,
  includePartialBar: false,
};
process.stdout.write(
  JSON.stringify({
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    orders: await span('Order/search', 'orders'),
    trades: await span('Trade/search', 'trades'),
    query,
    bars: (await post('History/retrieveBars', bars)).bars.map(({ t }) => t),
  }),
);
await gateway.close();
