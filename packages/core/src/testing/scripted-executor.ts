import type { Delivery, FailureCode } from '../delivery.ts';
import type { DeliverOptions, Executor, ExecutorContext, ExecutorState } from '../executor.ts';
import type { ExecutorPlugin } from '../plugin.ts';
import type { PreparedRequest } from '../request.ts';

/** What a scripted executor was asked to deliver. */
export interface ScriptedDelivery {
  readonly request: PreparedRequest;
  readonly options: DeliverOptions;
}
/** Decides what becomes of the nth delivery, counted from 0. */
export type DeliveryScript = (
  delivery: ScriptedDelivery,
  index: number,
) => Delivery | Promise<Delivery>;

/** A scripted executor, and what it was asked to deliver. */
export interface ScriptedExecutor extends ExecutorPlugin {
  /** Filled in the tick of each `deliver`. */
  readonly deliveries: readonly ScriptedDelivery[];
  /** Why its connections were reset, each time. */
  readonly resets: readonly string[];
  state: ExecutorState;
}

/** An executor that does as it is told, for tests of what stands above executors. It claims nothing about the wire. */
export function scriptedExecutor(
  script: DeliveryScript,
  options: {
    readonly connect?: (() => Promise<void>) | undefined;
    readonly close?: (() => Promise<void>) | undefined;
  } = {},
): ScriptedExecutor {
  const deliveries: ScriptedDelivery[] = [];
  const resets: string[] = [];
  const plugin: ScriptedExecutor = {
    kind: 'executor',
    pluginName: 'scripted',
    apiVersion: 1,
    deliveries,
    resets,
    state: { is: 'ready', idleConnections: 1, busyConnections: 0 },
    setup: (_context: ExecutorContext): Executor => ({
      connect: options.connect ?? (() => Promise.resolve()),
      get state() {
        return plugin.state;
      },
      deliver(request, deliverOptions) {
        const delivery = { request, options: deliverOptions };
        deliveries.push(delivery);
        return Promise.resolve(script(delivery, deliveries.length - 1));
      },
      reset: (because) => void resets.push(because),
      close: options.close ?? (() => Promise.resolve()),
    }),
  };
  return plugin;
}

const marks = { queued: 0, written: 0, firstByte: 0, end: 0 };

/** The venue answered. */
export function answered(body: unknown, status = 200): Delivery {
  return {
    stage: 'answered',
    bytes: 'all',
    answer: { status, headers: {}, body: new TextEncoder().encode(JSON.stringify(body)) },
    marks,
  };
}

/** Provably nothing left. */
export function notWritten(code: FailureCode = 'REFUSED'): Delivery {
  return {
    stage: 'connecting',
    bytes: 'none',
    failure: { code, message: `Scripted: ${code}.` },
    marks: { ...marks, written: undefined, firstByte: undefined },
  };
}

/** Bytes left, or may have left, and no answer came. */
export function silent(code: FailureCode = 'TIMEOUT', bytes: 'maybe' | 'all' = 'all'): Delivery {
  const failure = { code, message: `Scripted: ${code}.` };
  const unanswered = { ...marks, firstByte: undefined };
  return bytes === 'all'
    ? { stage: 'sent', bytes, failure, marks: unanswered }
    : { stage: 'writing', bytes, failure, marks: unanswered };
}
