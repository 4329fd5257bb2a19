import type { BarsRequest } from '@hotpath/core';

/** ccxt's names of spans, and what they are here. */
export const timeframes: Readonly<
  Record<string, Required<Pick<BarsRequest, 'unit' | 'unitCount'>>>
> = {
  '1s': { unit: 'second', unitCount: 1 },
  '5s': { unit: 'second', unitCount: 5 },
  '15s': { unit: 'second', unitCount: 15 },
  '30s': { unit: 'second', unitCount: 30 },
  '1m': { unit: 'minute', unitCount: 1 },
  '2m': { unit: 'minute', unitCount: 2 },
  '3m': { unit: 'minute', unitCount: 3 },
  '5m': { unit: 'minute', unitCount: 5 },
  '10m': { unit: 'minute', unitCount: 10 },
  '15m': { unit: 'minute', unitCount: 15 },
  '30m': { unit: 'minute', unitCount: 30 },
  '1h': { unit: 'hour', unitCount: 1 },
  '2h': { unit: 'hour', unitCount: 2 },
  '4h': { unit: 'hour', unitCount: 4 },
  '1d': { unit: 'day', unitCount: 1 },
  '1w': { unit: 'week', unitCount: 1 },
  '1M': { unit: 'month', unitCount: 1 },
};
