import type { ClientOrderId, OrderId } from '../brand.ts';
import type { Clock } from '../clock.ts';
import type { Mutation } from '../operation.ts';
import type { Timings } from '../outcome.ts';
import type { DeliverySoFar } from '../router/delivery-task.ts';

/** What every outcome tells beside its kind. */
export interface Told<Key extends string> {
  readonly clientOrderId: ClientOrderId | undefined;
  readonly operation: Mutation;
  readonly symbol?: string | undefined;
  readonly orderId?: OrderId | undefined;
  readonly mode?: 'paper' | undefined;
  readonly executor: Key | undefined;
  readonly deliveries: number;
  readonly timings: Timings;
}

/** Where an outcome comes from: the call, by its instant and ids. */
export interface Call {
  readonly operation: Mutation;
  readonly clientOrderId: ClientOrderId | undefined;
  /** As the call or the order's own place named it; undefined where neither is known. */
  readonly symbol?: string | undefined;
  /** The order that is to be changed. */
  readonly orderId?: OrderId | undefined;
  /** The adapter's. */
  readonly mode: 'paper' | undefined;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  /** Monotonic milliseconds from which the time counts in which its bot is told something. Default: `startedAt`. */
  readonly countsFrom?: number | undefined;
}

const untimed: DeliverySoFar<never>['timings'] = {
  route: undefined,
  encode: undefined,
  toWire: undefined,
  toFirstByte: undefined,
  total: undefined,
};

export function told<Key extends string>(
  call: Call,
  clock: Clock,
  end?: DeliverySoFar<Key>,
): Told<Key> {
  const { route, encode, toWire, toFirstByte, total } = end?.timings ?? untimed;
  return inMode(call.mode, {
    clientOrderId: call.clientOrderId,
    operation: call.operation,
    symbol: call.symbol,
    orderId: call.orderId,
    executor: end?.executor,
    deliveries: end?.deliveries ?? 0,
    timings: {
      route,
      encode,
      toWire,
      toFirstByte,
      total,
      settled: clock.monotonic() - call.startedAt,
    },
  });
}

/** Marks what was done on paper; anything else has no such field. */
export function inMode<Outcome extends object>(
  mode: 'paper' | undefined,
  outcome: Outcome,
): Outcome {
  return mode === undefined ? outcome : { ...outcome, mode };
}
