// Events as the venue's hubs write them, rows with the fields that clients have recorded.

const time = '2026-11-23T14:30:00.1234567+00:00';
const event = (target: string, ...given: readonly unknown[]): string =>
  JSON.stringify({ type: 1, target, arguments: given });
const price = (index: number): number => 21_000 + (index % 400) * 0.25;

/** Of 20 events 9 are quotes, 7 depth, 4 trades. */
export function marketEvent(contractId: string, index: number): string {
  const kind = index % 20;
  const symbolId = contractId.replace(/^CON/u, '').slice(1);
  if (kind < 9)
    return event('GatewayQuote', contractId, {
      symbol: symbolId,
      lastPrice: price(index),
      bestBid: price(index) - 0.25,
      bestAsk: price(index),
      volume: index,
      lastUpdated: time,
      timestamp: time,
      contract: contractId,
    });
  if (kind < 16) {
    const level = (type: number, at: number, volume: number): object => ({
      contractId,
      timestamp: time,
      type,
      price: at,
      volume,
      currentVolume: 0,
    });
    return event('GatewayDepth', contractId, [
      level(4, price(index) - 0.25, 2 + (index % 5)),
      level(3, price(index), 2 + (index % 7)),
      level(2, price(index) - 0.5, 5),
      level(1, price(index) + 0.25, 5),
    ]);
  }
  return event('GatewayTrade', contractId, [
    {
      symbolId,
      price: price(index),
      timestamp: time,
      type: index % 2,
      volume: 1 + (index % 3),
      contractId,
    },
  ]);
}

const accountId = 700_001;
const contractId = 'CON.F.US.MNQ.Z26';

/** A foreign order that moves, a position, the account. */
export function userEvent(index: number): string {
  const kind = Math.floor(index / 25) % 4;
  if (kind < 2)
    return event('GatewayUserOrder', {
      action: 1,
      data: orderRow({
        id: 3_300_000_000 + (index % 50),
        status: 1,
        type: 1,
        limitPrice: price(index) - 50,
        updateTimestamp: new Date(1_795_422_376_663 + index).toISOString(),
        customTag: null,
      }),
    });
  if (kind === 2)
    return event('GatewayUserPosition', {
      action: 1,
      data: {
        id: 9_000_001,
        accountId,
        contractId,
        contractDisplayName: 'MNQZ6',
        creationTimestamp: time,
        type: 1,
        size: 1 + (index % 3),
        averagePrice: price(index),
      },
    });
  return event('GatewayUserAccount', {
    action: 1,
    data: {
      id: accountId,
      name: 'PRAC-V2-1001',
      balance: 50_000 + (index % 1_000),
      canTrade: true,
      isVisible: true,
      simulated: true,
    },
  });
}

/** What the user hub tells of a market order that was just accepted. */
export function fillEvents(orderId: number, request: string): string[] {
  const customTag = /"customTag":"([^"]+)"/u.exec(request)?.[1] ?? null;
  const account = Number(/"accountId":(\d+)/u.exec(request)?.[1] ?? accountId);
  const contract = /"contractId":"([^"]+)"/u.exec(request)?.[1] ?? contractId;
  const now = new Date().toISOString();
  const order = orderRow({
    id: orderId,
    accountId: account,
    contractId: contract,
    customTag,
    status: 2,
    type: 2,
    creationTimestamp: now,
    updateTimestamp: now,
    fillVolume: 1,
    filledPrice: price(orderId),
  });
  const trade = {
    id: orderId + 1_000_000_000,
    accountId: account,
    contractId: contract,
    creationTimestamp: now,
    price: price(orderId),
    profitAndLoss: null,
    fees: 0.37,
    side: 0,
    size: 1,
    voided: false,
    orderId,
  };
  return [
    event('GatewayUserOrder', { action: 0, data: order }),
    event('GatewayUserTrade', { action: 0, data: trade }),
  ];
}

function orderRow(fields: object): object {
  return {
    accountId,
    contractId,
    symbolId: 'F.US.MNQ',
    creationTimestamp: time,
    side: 0,
    size: 1,
    limitPrice: null,
    stopPrice: null,
    fillVolume: 0,
    filledPrice: null,
    ...fields,
  };
}
