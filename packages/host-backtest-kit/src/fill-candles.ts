import type { Bar } from '@hotpath/core';

/** One candle as the engine wants it: `timestamp` is where it begins. */
export interface Candle {
  readonly timestamp: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/**
 * As many candles as the engine asks for, from `since` on: it takes no other number. A span without a trade stands at the close before it, with volume 0, so that no average counts it.
 * Undefined when no bar stands before the first trade: there is no price to go by.
 */
export function fillCandles(
  bars: readonly Bar[],
  since: number,
  lengthMs: number,
  limit: number,
): Candle[] | undefined {
  const candles: Candle[] = [];
  let next = bars.findIndex(({ at }) => at >= since);
  if (next === -1) next = bars.length;
  let close = bars[next - 1]?.close;
  for (let timestamp = since; candles.length < limit; timestamp += lengthMs) {
    let candle: Candle | undefined;
    for (
      let bar = bars[next];
      bar !== undefined && bar.at < timestamp + lengthMs;
      bar = bars[(next += 1)]
    ) {
      candle =
        candle === undefined
          ? {
              timestamp,
              open: bar.open,
              high: bar.high,
              low: bar.low,
              close: bar.close,
              volume: bar.volume,
            }
          : {
              ...candle,
              high: Math.max(candle.high, bar.high),
              low: Math.min(candle.low, bar.low),
              close: bar.close,
              volume: candle.volume + bar.volume,
            };
    }
    if (candle === undefined && close === undefined) return undefined;
    candles.push(
      candle ?? {
        timestamp,
        open: close ?? 0,
        high: close ?? 0,
        low: close ?? 0,
        close: close ?? 0,
        volume: 0,
      },
    );
    close = candles.at(-1)?.close;
  }
  return candles;
}
