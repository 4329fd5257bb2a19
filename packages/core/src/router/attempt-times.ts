import type { Delivery } from '../delivery.ts';
import type { DeliveryTimings } from './delivery-report.ts';

/** When an attempt began, monotonic, and how long it took to choose its executor and to encode it. */
export interface AttemptTimes {
  readonly startedAt: number;
  readonly routeMs: number;
  readonly encodeMs: number;
}

/** The same with the times of its delivery, counted from when the attempt began. */
export function timingsOf(
  delivery: Delivery,
  { startedAt, routeMs, encodeMs }: AttemptTimes,
): DeliveryTimings {
  const { marks } = delivery;
  return {
    route: routeMs,
    encode: encodeMs,
    toWire: since(startedAt, marks.written),
    toFirstByte: since(startedAt, marks.firstByte),
    total: delivery.stage === 'answered' ? since(startedAt, marks.end) : undefined,
  };
}

function since(startedAt: number, mark: number | undefined): number | undefined {
  return mark === undefined ? undefined : mark - startedAt;
}
