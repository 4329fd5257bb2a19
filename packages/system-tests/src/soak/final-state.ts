import type { Broker } from '@hotpath/core';
import type { Gateway } from '@hotpath/gateway-sim';

const open: ReadonlySet<number> = new Set([1, 6, 8]);

const market = 2;
const stop = 4;

/** Whether an order at the market has still something to fill: a market order, or a stop that was set off. */
export function isFilling(gateway: Gateway): boolean {
  return gateway
    .truth()
    .orders.some(
      ({ status, type, fillVolume }) =>
        open.has(status) && (type === market || (type === stop && fillVolume > 0)),
    );
}

/** Open orders and positions of one account, in the same words from both sides. */
export interface AccountState {
  readonly open: readonly string[];
  readonly positions: readonly string[];
}

interface PositionRow {
  readonly accountId: number;
  readonly contractId: string;
  readonly type: number;
  readonly size: number;
  readonly averagePrice: number;
}

function positionRows(gateway: Gateway, accountId: number): PositionRow[] {
  return gateway
    .truth()
    .positions.map((row) => ({ ...row }) as PositionRow)
    .filter((row) => row.accountId === accountId);
}

export function stateAtVenue(gateway: Gateway, accountId: number): AccountState {
  const orders = gateway
    .truth()
    .orders.filter((order) => order.accountId === accountId && open.has(order.status));
  return {
    open: orders
      .map(
        ({ id, size, fillVolume, limitPrice, stopPrice }) =>
          `${id} ${fillVolume}/${size} ${limitPrice ?? '-'} ${stopPrice ?? '-'}`,
      )
      .toSorted(),
    positions: positionRows(gateway, accountId)
      .map(
        ({ contractId, type, size, averagePrice }) =>
          `${contractId} ${type === 1 ? 'buy' : 'sell'} ${size} ${averagePrice}`,
      )
      .toSorted(),
  };
}

export async function stateOfBroker(broker: Broker<'fast' | 'fallback'>): Promise<AccountState> {
  const [orders, positions] = [await broker.getOpenOrders(), await broker.getPositions()];
  return {
    open: orders
      .map(
        ({ orderId, quantity, filledQuantity, limitPrice, stopPrice }) =>
          `${orderId} ${filledQuantity}/${quantity} ${limitPrice ?? '-'} ${stopPrice ?? '-'}`,
      )
      .toSorted(),
    positions: positions
      .map(
        ({ contractId, side, quantity, averagePrice }) =>
          `${contractId} ${side} ${quantity} ${averagePrice}`,
      )
      .toSorted(),
  };
}

/** What does not fit between the positions of an account whose every entry in MNQ has a bracket, and the legs that the broker keeps for them. */
export function protectionFaults(gateway: Gateway, accountId: number): string[] {
  const faults: string[] = [];
  const isProtected = ({ contractId }: { readonly contractId: string }): boolean =>
    contractId.includes('.MNQ.');
  const held = new Map(
    positionRows(gateway, accountId)
      .filter(isProtected)
      .map(({ contractId, type, size }) => [contractId, type === 1 ? size : -size]),
  );
  const legs = gateway
    .truth()
    .orders.filter(
      (order) =>
        order.accountId === accountId &&
        isProtected(order) &&
        open.has(order.status) &&
        /_[st]\d+$/.test(order.customTag ?? ''),
    );
  for (const contractId of new Set([...held.keys(), ...legs.map((leg) => leg.contractId)])) {
    const position = held.get(contractId) ?? 0;
    const working = (letter: 's' | 't', side: 0 | 1): number =>
      legs
        .filter(
          (leg) =>
            leg.contractId === contractId &&
            leg.side === side &&
            new RegExp(`_${letter}\\d+$`).test(leg.customTag ?? ''),
        )
        .reduce((sum, { size, fillVolume }) => sum + size - fillVolume, 0);
    const [sells, buys] = [Math.max(0, position), Math.max(0, -position)];
    if (working('s', 1) !== sells || working('s', 0) !== buys)
      faults.push(
        `${contractId}: ${position} held, stops for ${working('s', 1)} to sell and ${working('s', 0)} to buy`,
      );
    // A target that somebody cancelled is not placed again.
    if (working('t', 1) > sells || working('t', 0) > buys)
      faults.push(
        `${contractId}: ${position} held, targets for ${working('t', 1)} to sell and ${working('t', 0)} to buy`,
      );
  }
  return faults;
}
