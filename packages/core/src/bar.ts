/** The price over a span of time. */
export interface Bar {
  /** Begin of the span, milliseconds since the epoch. */
  readonly at: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Which bars are wanted. */
export interface BarsRequest {
  readonly symbol: string;
  /** Wall milliseconds. */
  readonly from: number;
  /** Default: now. */
  readonly to?: number | undefined;
  readonly unit: 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month';
  /** Units of one bar. Default 1. */
  readonly unitCount?: number | undefined;
  /** Which bar comes first. Default `oldest-first`. */
  readonly order?: 'oldest-first' | 'newest-first' | undefined;
}
