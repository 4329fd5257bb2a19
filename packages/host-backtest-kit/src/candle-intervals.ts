import type { CandleInterval } from 'backtest-kit';
import type { BarsRequest } from '@hotpath/core';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

interface Span {
  readonly lengthMs: number;
  /** The venue's bars that make it up. Above an hour they are hours, put together here: a venue's day begins at its own hour, the engine's at midnight UTC. */
  readonly unit: BarsRequest['unit'];
  readonly unitCount: number;
}

const minutes = (count: number): Span => ({
  lengthMs: count * minuteMs,
  unit: 'minute',
  unitCount: count,
});
const hours = (count: number): Span => ({ lengthMs: count * hourMs, unit: 'hour', unitCount: 1 });

export const candleIntervals: Readonly<Record<CandleInterval, Span>> = {
  '1m': minutes(1),
  '3m': minutes(3),
  '5m': minutes(5),
  '15m': minutes(15),
  '30m': minutes(30),
  '1h': hours(1),
  '2h': hours(2),
  '4h': hours(4),
  '6h': hours(6),
  '8h': hours(8),
  '1d': hours(24),
};
