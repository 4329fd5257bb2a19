import type { BracketLeg, PlaceOrder } from './order-requests.ts';
import type { OrderTypeNumber } from './order-record.ts';
import { orderType } from './order-record.ts';

/** How an account treats brackets. The mode cannot be read through the API. */
export type BracketMode = 'position' | 'auto-oco';

const typeNames = [
  'Unknown',
  'Limit',
  'Market',
  'StopLimit',
  'Stop',
  'TrailingStop',
  'JoinBid',
  'JoinAsk',
];
/** Fewest ticks of a stop-loss leg (from a recorded refusal). Whether targets have a minimum is not known. */
const leastStopTicks = 4;

/** The text with which the gateway refuses bracket objects, or undefined when they hold. The texts about a long's target and a type of target are guesses; the others were recorded live. */
export function bracketRefusal(
  { side, stopLossBracket, takeProfitBracket }: PlaceOrder,
  mode: BracketMode,
  leastTargetTicks: number,
): string | undefined {
  if (stopLossBracket == null && takeProfitBracket == null) return undefined;
  if (mode === 'position')
    return 'Brackets cannot be used with Position Brackets. You must enable Auto OCO Brackets.';
  const long = side === 0;
  return (
    (stopLossBracket && stopLossRefusal(stopLossBracket, long)) ??
    (takeProfitBracket ? takeProfitRefusal(takeProfitBracket, long, leastTargetTicks) : undefined)
  );
}

function stopLossRefusal({ ticks, type }: BracketLeg, long: boolean): string | undefined {
  if (stopLegType(type) === undefined) return `Invalid stop loss type (${typeNames[type] ?? type})`;
  if (long && ticks >= 0)
    return `Invalid stop loss ticks (${ticks}). Ticks should be less than zero when longing.`;
  // Recorded of shorts: one text for the wrong sign, another one for a stop that is too near.
  if (!long && ticks > 0 && ticks < leastStopTicks)
    return `Invalid stop loss ticks (${ticks}). Price should be at least ${leastStopTicks} ticks away.`;
  if ((long ? -ticks : ticks) < leastStopTicks)
    return `Invalid stop loss ticks (${ticks}). Stop loss tick value should be at least ${leastStopTicks} ticks.`;
  return undefined;
}

function takeProfitRefusal(
  { ticks, type }: BracketLeg,
  long: boolean,
  leastTicks: number,
): string | undefined {
  if (type !== orderType.limit) return `Invalid take profit type (${typeNames[type] ?? type})`;
  if (!long && ticks >= 0)
    return `Invalid take profit ticks (${ticks}). Ticks should be less than zero when going short.`;
  if (long && ticks <= 0)
    return `Invalid take profit ticks (${ticks}). Ticks should be greater than zero when longing.`;
  if (Math.abs(ticks) < leastTicks)
    return `Invalid take profit ticks (${ticks}). Price should be at least ${leastTicks} ticks away.`;
  return undefined;
}

/** A stop-loss leg is a stop or a trailing stop. */
export function stopLegType(type: number): OrderTypeNumber | undefined {
  return type === orderType.stop || type === orderType.trailingStop ? type : undefined;
}
