import { ok, strictEqual } from 'node:assert/strict';
import { inspect } from 'node:util';
import { Authorization } from '../authorization.ts';
import type { Delivery } from '../delivery.ts';
import type { DeliverOptions, Executor } from '../executor.ts';
import type { Logger } from '../logger.ts';
import type { ExecutorPlugin } from '../plugin.ts';
import type { PreparedRequest, RequestTemplate } from '../request.ts';
import { localhostCertificate } from './localhost-certificate.ts';
import type { ManualClock } from './manual-clock.ts';
import { createManualClock } from './manual-clock.ts';
import type { WireRequest, WireServer } from './wire-server.ts';
import { startWireServer } from './wire-server.ts';

/** What the contract asks of the executor it is given. */
export interface ContractExecutorOptions {
  /** Certificate to trust, PEM; undefined: the system's alone. */
  readonly ca: string | undefined;
  /** At most this many connections. */
  readonly connections: number;
  /** Longer bodies of answers are `ANSWER_TOO_LARGE`. */
  readonly maxBodyBytes: number;
}

export interface TrialOptions {
  readonly tls: boolean;
  /** Default 4. */
  readonly connections?: number | undefined;
  /** False: the executor is not told to trust the server's certificate. Default true. */
  readonly trusted?: boolean | undefined;
  /** False: `connect` is not called. Default true. */
  readonly connected?: boolean | undefined;
  /** In place of the server's. */
  readonly origin?: URL | undefined;
}

const secret = 'Bearer trial-secret-4711';
/** Of a delivery that is not to time out: beyond all the time that a test lets pass. */
const patienceMs = 1_000_000_000;
export const maxBodyBytes = 65_536;

export const placeTemplate: RequestTemplate = {
  operation: 'place',
  method: 'POST',
  path: '/api/Order/place?dry=no',
  headers: { 'content-type': 'application/json', accept: 'text/plain', 'x-trial': 'a b;c="d"' },
};
export function readRequest(id: string): PreparedRequest {
  return {
    template: { operation: 'read', method: 'GET', path: `/api/Status?of=${id}`, headers: {} },
    authorization: undefined,
    body: '',
  };
}

/** One delivery of a trial and the word by which its request is known at the server. */
export interface Delivering {
  readonly id: string;
  readonly delivery: Promise<Delivery>;
}

/** One executor against one server, and the check at the end that what the executor said is what the server saw. */
export class Trial {
  readonly server: WireServer;
  readonly executor: Executor;
  readonly clock: ManualClock;
  readonly authorization: Authorization = new Authorization(secret, 1);
  readonly #deliveries: Delivering[] = [];
  readonly #logged: string[] = [];
  #count = 0;

  private constructor(
    server: WireServer,
    executor: Executor,
    clock: ManualClock,
    logged: string[],
  ) {
    this.server = server;
    this.executor = executor;
    this.clock = clock;
    this.#logged = logged;
    server.onRequest = (request) => void request.connection.write(answerTo(request));
  }

  static async run(
    create: (options: ContractExecutorOptions) => ExecutorPlugin,
    options: TrialOptions,
    body: (trial: Trial) => Promise<void>,
  ): Promise<void> {
    // What another trial closed has a turn in which to go.
    await turn();
    const before = openHandles();
    const server = await startWireServer({ tls: options.tls });
    const clock = createManualClock();
    const logged: string[] = [];
    const keep = (fields: object, message: string): void =>
      void logged.push(`${inspect(fields, { depth: 8 })} ${message}`);
    const log: Logger = { debug: keep, info: keep, warn: keep, error: keep };
    const ca = options.trusted === false ? undefined : localhostCertificate.cert;
    const plugin = create({ ca, connections: options.connections ?? 4, maxBodyBytes });
    const executor = await plugin.setup({
      key: 'trial',
      endpoint: { origin: options.origin ?? server.origin, keepWarm: undefined },
      clock,
      log,
    });
    const trial = new Trial(server, executor, clock, logged);
    try {
      if (options.connected !== false) await executor.connect();
      await body(trial);
    } finally {
      await trial.#finish();
    }
    await trial.#compare();
    await turn();
    const left = openHandles();
    ok(
      left.length <= before.length,
      `Something is left that would keep the process alive: ${left.join(', ')}`,
    );
  }

  request(id: string): PreparedRequest {
    return {
      template: placeTemplate,
      authorization: this.authorization,
      body: JSON.stringify({ id, note: 'C:\\ "quoted" \u0000 {}' }),
    };
  }

  /** Hands one request to the executor, in this tick. */
  deliver(
    options: Partial<DeliverOptions> & {
      readonly request?: ((id: string) => PreparedRequest) | undefined;
    } = {},
  ): Delivering {
    this.#count += 1;
    const id = `order-${this.#count}-`;
    const {
      request = (word: string) => this.request(word),
      deadline = Infinity,
      answerTimeoutMs = patienceMs,
      signal,
    } = options;
    const delivering = {
      id,
      delivery: this.executor.deliver(request(id), { deadline, answerTimeoutMs, signal }),
    };
    this.#deliveries.push(delivering);
    return delivering;
  }

  /** Hands one request over and waits until the server has it whole. */
  async deliverToServer(
    options: Partial<DeliverOptions> = {},
  ): Promise<Delivering & { readonly request: WireRequest }> {
    const arrival = this.server.nextRequest();
    const delivering = this.deliver(options);
    const request = await arrival;
    // Both run in one process: the executor gets a turn in which to learn that its own write is done.
    await turn();
    return { ...delivering, request };
  }

  /** Lets time pass, a little with each turn of the loop, until it settles. */
  async passUntil<Value>(settling: Promise<Value>): Promise<Value> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    settling.then(settle, settle);
    await until(() => {
      if (!settled) this.clock.advance(1);
      return settled;
    });
    return settling;
  }

  async #finish(): Promise<void> {
    await this.executor.close();
    await this.server.close();
  }

  /** Both sides have ended, so nothing can arrive any more: what was claimed is held against what came. */
  async #compare(): Promise<void> {
    const received = this.server.connections.map((connection) => connection.received()).join('\n');
    let mayHaveLeft = 0;
    for (const { id, delivery } of this.#deliveries) {
      const told = await delivery;
      const seen = received.split(id).length - 1;
      const claim = `${id} was reported as ${told.stage}, bytes ${told.bytes}`;
      if (told.bytes === 'none') strictEqual(seen, 0, `${claim}, and came`);
      else mayHaveLeft += 1;
      if (told.bytes === 'all') strictEqual(seen, 1, `${claim}, and came ${seen} times`);
      ok(seen <= 1, `${claim}, and came ${seen} times`);
      checkMarks(told, claim);
      if (told.stage !== 'answered')
        ok(
          !inspect(told, { depth: 10 }).includes('trial-secret'),
          `${claim}: its failure shows the authorization`,
        );
    }
    const heads = received.match(/(?:POST|GET) \/api/gu)?.length ?? 0;
    ok(heads <= mayHaveLeft, `${heads} requests came, of which ${mayHaveLeft} may have left`);
    ok(!this.#logged.join('\n').includes('trial-secret'), 'The log shows the authorization');
  }
}

/** What keeps a process alive and has to do with the network. */
function openHandles(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /TCP|TLS|GetAddrInfo/u.test(name))
    .toSorted();
}

/** Marks stand in the order of time, and only where something happened. */
function checkMarks({ marks, stage, bytes }: Delivery, claim: string): void {
  const { queued, written, firstByte, end } = marks;
  const reached = [queued, written, firstByte, end].filter((mark) => mark !== undefined);
  ok(
    reached.every((mark, index) => mark >= (reached[index - 1] ?? queued)),
    `${claim}: its marks ${inspect(marks)} go back in time`,
  );
  strictEqual(written === undefined, bytes === 'none', `${claim}: marked as written at ${written}`);
  ok(stage !== 'answered' || firstByte !== undefined, `${claim}: no mark of its first byte`);
}

/** A plain answer that names the request it belongs to. */
export function answerTo(request: WireRequest, status = 200): string {
  return answerText(status, idOf(request));
}

export function answerText(status: number, body: string, headers = ''): string {
  return `HTTP/1.1 ${status} Said\r\ncontent-type: application/json\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`;
}

export function idOf(request: WireRequest): string {
  return /order-\d+-/u.exec(request.body)?.[0] ?? '';
}

/** Lets the event loop turn, reading the network on the way. */
export async function turn(): Promise<void> {
  for (let count = 0; count < 2; count += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets the event loop turn until it holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

/** The answer's body as text; fails when there is no answer. */
export function bodyOf(delivery: Delivery): string {
  if (delivery.stage !== 'answered') throw new Error(`There is no answer: ${inspect(delivery)}`);
  return Buffer.from(delivery.answer.body).toString('latin1');
}
