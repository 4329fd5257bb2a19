import type { Bracket, Contract, OrderRequest } from '@hotpath/core';
import { nearestTicks, priceOfTicks } from '@hotpath/core';
import type { SizedEntry } from './backtest-kit-host-options.ts';
import type { HostParts } from './host-parts.ts';
import { entrySide } from './sides.ts';

/** The order of an entry: at the market, or resting at `priceOpen`. Throws a sentence when the author's function gives no whole contracts. */
export function entryContent(
  { settings }: HostParts,
  entry: SizedEntry,
  contract: Contract,
  clientOrderId: string,
  rests: boolean,
): OrderRequest {
  const quantity: unknown = settings.contracts(entry);
  if (typeof quantity !== 'number' || !Number.isInteger(quantity) || quantity < 1) {
    throw new RangeError(
      `contracts() gave ${String(quantity)} for ${entry.cost} dollars of ${entry.symbol}; it must give a whole number of contracts, at least 1.`,
    );
  }
  const fields = {
    symbol: contract.id,
    side: entrySide(entry.position),
    quantity,
    clientOrderId,
    strategy: entry.strategyName,
    bracket: settings.brackets === 'native' ? bracketOf(entry, contract.tickSize) : undefined,
  };
  return rests
    ? {
        ...fields,
        type: 'limit',
        limitPrice: priceOfTicks(
          nearestTicks(entry.priceOpen, contract.tickSize),
          contract.tickSize,
        ),
      }
    : { ...fields, type: 'market' };
}

/** Distances from the fill, as the engine's prices stand to the price it enters at; the legs are moved to the engine's own prices once they work. */
function bracketOf(
  { priceOpen, priceStopLoss, priceTakeProfit }: SizedEntry,
  tickSize: number,
): Bracket | undefined {
  const ticks = (price: number): number | undefined =>
    Number.isFinite(price) && price > 0
      ? Math.max(1, nearestTicks(Math.abs(price - priceOpen), tickSize))
      : undefined;
  const bracket = { stopLossTicks: ticks(priceStopLoss), takeProfitTicks: ticks(priceTakeProfit) };
  return bracket.stopLossTicks === undefined && bracket.takeProfitTicks === undefined
    ? undefined
    : bracket;
}
