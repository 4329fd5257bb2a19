import { topstepx } from '@hotpath/adapter-topstepx';
import type { TopstepxOptions } from '@hotpath/adapter-topstepx';
import type {
  Adapter,
  AdapterContext,
  Clock,
  Evidence,
  Logger,
  PreparedRequest,
} from '@hotpath/core';
import { createManualClock } from '@hotpath/core/testing';
import type { ManualClock } from '@hotpath/core/testing';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import type { Gateway, GatewayOptions, ManualGatewayClock } from '@hotpath/gateway-sim';
import { manualGatewayClock, startGateway } from '@hotpath/gateway-sim';
import { expect } from 'vitest';

/** What an adapter said to its log, as text: secrets would show. */
export interface KeptLog extends Logger {
  readonly lines: readonly string[];
}

export function keptLog(): KeptLog {
  const lines: string[] = [];
  const keep = (fields: object, message: string): void =>
    void lines.push(
      `${message} ${JSON.stringify(fields, (_key, value: unknown) => (value instanceof Error ? value.stack : value))}`,
    );
  return { lines, debug: keep, info: keep, warn: keep, error: keep };
}

export interface ConnectedAdapter {
  readonly adapter: Adapter;
  readonly evidence: Evidence[];
  /** Requests that went out over HTTP, by path. */
  readonly paths: string[];
  /** Times that the venue was reported to have said 429. */
  readonly throttled: (number | undefined)[];
  readonly log: KeptLog;
  close(): Promise<void>;
}

/** An adapter on a gateway, over a real executor, as core would hold it. */
export async function connectAdapter(
  gateway: Gateway,
  clock: Clock,
  options: Partial<TopstepxOptions> = {},
  /** Told of every request that leaves (1) and is answered (-1). */
  asked: (change: 1 | -1) => void = () => {},
): Promise<ConnectedAdapter> {
  const log = keptLog();
  const credentials = options.login === undefined && { userName: 'demo', apiKey: 'demo-key' };
  const adapter = await topstepx({
    ...credentials,
    account: 'PRAC-V2-1001',
    baseUrl: gateway.url,
    ...options,
  }).setup({ clock, log });
  const executor = await fallbackExecutor(
    gateway.certificate === undefined ? {} : { tls: { ca: gateway.certificate } },
  ).setup({ key: 'only', endpoint: adapter.endpoint, clock, log });
  await executor.connect();
  const evidence: Evidence[] = [];
  const paths: string[] = [];
  const throttled: (number | undefined)[] = [];
  let draw = 0;
  const context: AdapterContext = {
    send: async (request: PreparedRequest, { timeoutMs, signal }) => {
      paths.push(request.template.path);
      asked(1);
      try {
        return await executor.deliver(request, {
          deadline: clock.monotonic() + timeoutMs,
          answerTimeoutMs: timeoutMs,
          signal,
        });
      } finally {
        asked(-1);
      }
    },
    throttled: (retryAfterMs) => void throttled.push(retryAfterMs),
    evidence: (item) => void evidence.push(item),
    clock,
    random: () => ((draw += 1) * 0.37) % 1,
    log,
  };
  const close = async (): Promise<void> => {
    await adapter.close();
    await executor.close();
  };
  try {
    await adapter.connect(context);
  } catch (error) {
    await close();
    throw error;
  }
  return { adapter, evidence, paths, throttled, log, close };
}

/** A gateway and adapters whose time is in the test's hands. */
export interface Trial {
  readonly gateway: Gateway;
  readonly clock: ManualClock;
  readonly gatewayClock: ManualGatewayClock;
  connect(options?: Partial<TopstepxOptions>): Promise<ConnectedAdapter>;
  /** Lets time pass on both sides, in steps small enough for what travels between them. */
  pass(milliseconds: number, stepMs?: number): Promise<void>;
  /** Lets time pass until something holds. */
  until(holds: () => boolean, stepMs?: number): Promise<void>;
  /** Places an order as another client of the same user would. */
  place(fields?: object): Promise<void>;
  stop(): Promise<void>;
}

const start = Date.UTC(2026, 8, 21, 14);
/** Turns of the event loop after each step, for what travels over loopback. */
const turns = 20;
/** Turns that a request under way may take before time goes on all the same: some are never answered. */
const turnsForAnswers = 3000;

export async function startTrial(options: GatewayOptions = {}): Promise<Trial> {
  const gatewayClock = manualGatewayClock(start);
  const clock = createManualClock(start);
  const gateway = await startGateway({
    clock: gatewayClock,
    priceStepMs: 0,
    rateLimit: { everythingElse: 'off', bars: 'off' },
    ...options,
  });
  const open: ConnectedAdapter[] = [];
  let underWay = 0;
  const isAsking = (): boolean => underWay > 0;
  const step = async (milliseconds: number): Promise<void> => {
    gatewayClock.advance(milliseconds);
    clock.advance(milliseconds);
    for (let turn = 0; turn < turns || (isAsking() && turn < turnsForAnswers); turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
  };
  return {
    gateway,
    clock,
    gatewayClock,
    async connect(adapterOptions) {
      const connected = await connectAdapter(
        gateway,
        clock,
        adapterOptions,
        (change) => (underWay += change),
      );
      open.push(connected);
      return connected;
    },
    async pass(milliseconds, stepMs = 1000) {
      for (let left = milliseconds; left > 0; left -= stepMs) await step(Math.min(stepMs, left));
    },
    async until(holds, stepMs = 50) {
      await expect
        .poll(async () => holds() || (await step(stepMs), holds()), {
          timeout: 15_000,
          interval: 1,
        })
        .toBe(true);
    },
    place: (fields) => placeDirectly(gateway, fields),
    async stop() {
      for (const connected of open) await connected.close();
      await gateway.close();
    },
  };
}

export const mnq = 'CON.F.US.MNQ.Z26';

async function placeDirectly(gateway: Gateway, fields: object = {}): Promise<void> {
  const post = async (
    path: string,
    body: object,
    token?: string,
  ): Promise<Record<string, unknown>> => {
    const response = await fetch(`${gateway.url}/api/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, unknown>;
  };
  const { token } = await post('Auth/loginKey', { userName: 'demo', apiKey: 'demo-key' });
  const answer = await post(
    'Order/place',
    { accountId: 700_001, contractId: mnq, type: 2, side: 0, size: 1, ...fields },
    String(token),
  );
  expect(answer['success']).toBe(true);
}
