import type { Delivery, DeliverOptions, Executor, Logger, PreparedRequest } from '@hotpath/core';
import { Authorization, silentLogger } from '@hotpath/core';
import type { ManualClock, WireRequest, WireServer } from '@hotpath/core/testing';
import { createManualClock, localhostCertificate, startWireServer } from '@hotpath/core/testing';
import type { SocketProbe } from '../descriptor-probe.ts';
import { descriptorProbe } from '../descriptor-probe.ts';
import { createFastExecutor } from '../fast-executor.ts';
import type { FastExecutorOptions } from '../fast-executor-options.ts';
import { fastExecutorOptions } from '../fast-executor-options.ts';

export interface OnWireOptions {
  readonly tls: boolean;
  readonly executor?: FastExecutorOptions | undefined;
  readonly probe?: SocketProbe | undefined;
  readonly log?: Logger | undefined;
  readonly keepWarm?: PreparedRequest | undefined;
}

/** One fast executor connected to one server of raw bytes, for this package's own tests. */
export class ExecutorOnWire {
  readonly server: WireServer;
  readonly executor: Executor;
  readonly clock: ManualClock;

  private constructor(server: WireServer, executor: Executor, clock: ManualClock) {
    this.server = server;
    this.executor = executor;
    this.clock = clock;
  }

  static async run(
    options: OnWireOptions,
    body: (wire: ExecutorOnWire) => Promise<void>,
  ): Promise<void> {
    const server = await startWireServer({ tls: options.tls });
    server.onRequest = answerOwn;
    const clock = createManualClock();
    const settings = fastExecutorOptions.parse({
      tls: { ca: localhostCertificate.cert },
      ...options.executor,
    });
    const endpoint = { origin: server.origin, keepWarm: options.keepWarm };
    const executor = createFastExecutor(
      { key: 'fast', endpoint, clock, log: options.log ?? silentLogger },
      settings,
      options.probe ?? descriptorProbe,
    );
    try {
      await executor.connect();
      await body(new ExecutorOnWire(server, executor, clock));
    } finally {
      await executor.close();
      await server.close();
    }
  }

  deliver(id: string, options: Partial<DeliverOptions> = {}): Promise<Delivery> {
    return this.executor.deliver(orderRequest(id), {
      deadline: Infinity,
      answerTimeoutMs: 10_000,
      signal: undefined,
      ...options,
    });
  }

  async idle(count: number): Promise<void> {
    await until(
      () => this.executor.state.is === 'ready' && this.executor.state.idleConnections >= count,
    );
  }
}

const template = {
  operation: 'place',
  method: 'POST',
  path: '/api/Order/place',
  headers: { 'content-type': 'application/json' },
} as const;
const authorization = new Authorization('Bearer secret', 1);

export function orderRequest(id: string): PreparedRequest {
  return { template, authorization, body: JSON.stringify({ customTag: id }) };
}

export function answerWith(body: string, headers = ''): string {
  return `HTTP/1.1 200 OK\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
}

/** Answers with the request's own body. */
export function answerOwn(request: WireRequest): void {
  void request.connection.write(answerWith(request.body));
}

/** The answer's body, or the code of the failure. */
export function told(delivery: Delivery): string {
  return delivery.stage === 'answered'
    ? Buffer.from(delivery.answer.body).toString()
    : delivery.failure.code;
}

export async function turn(): Promise<void> {
  for (let count = 0; count < 2; count += 1) await new Promise((resolve) => setImmediate(resolve));
}

export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

/** As on Windows, in Deno, or in a Node that hides it. */
export const withoutDescriptor: SocketProbe = { sees: () => false, look: () => 'unknown' };
