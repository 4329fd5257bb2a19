import type { SimulatedContract } from '../instruments/contracts.ts';
import { ticksOfPrice } from '../tick.ts';
import type { OrderTypeNumber, SideNumber } from './order-record.ts';
import { orderType } from './order-record.ts';
import type { Quote } from './price-source.ts';

/** An order's prices in ticks, or the text with which the gateway refuses them. */
export type OrderPrices =
  | {
      readonly ok: true;
      readonly limitTicks: number | undefined;
      readonly stopTicks: number | undefined;
      readonly trailTicks: number | undefined;
    }
  | { readonly ok: false; readonly text: string };

export interface WantedPrices {
  readonly limitPrice?: number | null | undefined;
  readonly stopPrice?: number | null | undefined;
  readonly trailPrice?: number | null | undefined;
}

/** Most ticks a trailing stop may be placed away (ProjectX documentation, 2026; a modify has no such guard). */
const farthestTrail = 1000;
const none = {
  ok: true,
  limitTicks: undefined,
  stopTicks: undefined,
  trailTicks: undefined,
} as const;
const bad = (text: string): OrderPrices => ({ ok: false, text });

/** Texts as recorded from the live gateway. Without a quote a stop's side can't be told: it is taken, and trades by the first quote that reaches it. */
export function orderPrices(
  type: OrderTypeNumber,
  side: SideNumber,
  wanted: WantedPrices,
  contract: SimulatedContract,
  quote: Quote | undefined,
  placing: boolean,
): OrderPrices {
  switch (type) {
    case orderType.market:
      return none;
    case orderType.joinBid:
      return quote ? { ...none, limitTicks: quote.bid } : bad('Invalid symbol');
    case orderType.joinAsk:
      return quote ? { ...none, limitTicks: quote.ask } : bad('Invalid symbol');
    case orderType.limit: {
      if (wanted.limitPrice == null) return bad('Invalid price');
      const limitTicks = ticksOfPrice(wanted.limitPrice, contract.tick);
      return limitTicks === undefined
        ? bad('Invalid limit price. Price is not aligned to tick size.')
        : { ...none, limitTicks };
    }
    case orderType.stop: {
      if (wanted.stopPrice == null) return bad('Invalid stop price');
      const stopTicks = ticksOfPrice(wanted.stopPrice, contract.tick);
      if (stopTicks === undefined)
        return bad('Invalid stop price. Price is not aligned to tick size.');
      const wrongSide =
        quote !== undefined && (side === 0 ? stopTicks <= quote.last : stopTicks >= quote.last);
      return wrongSide ? bad('Invalid stop price') : { ...none, stopTicks };
    }
    case orderType.trailingStop: {
      if (wanted.trailPrice == null) return bad('Trail Distance not set.');
      const levelTicks = ticksOfPrice(wanted.trailPrice, contract.tick);
      if (levelTicks === undefined)
        return bad('Invalid trail price. Price is not aligned to tick size.');
      if (!quote) return bad('Cannot trail without a last price');
      const distance = Math.abs(quote.last - levelTicks);
      if (placing && distance > farthestTrail)
        return bad(`Trail Distance exceeds maximum (${farthestTrail})`);
      const trailTicks = side === 0 ? distance : -distance;
      return { ...none, trailTicks, stopTicks: quote.last + trailTicks };
    }
    case orderType.stopLimit:
      return bad('Invalid order type specified');
  }
}
