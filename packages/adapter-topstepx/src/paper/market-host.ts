import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type {
  AdapterContext,
  Clock,
  Delivery,
  FailureCode,
  PreparedRequest,
  SendOptions,
} from '@hotpath/core';
import { AdapterError, bareCause, setPatientTimer } from '@hotpath/core';
import { reads } from '../endpoints.ts';
import { RequestPacer } from '../request-pacer.ts';

/** Everything of the venue that paper mode may ask for. Whatever is not in this list, such as any operation on orders or positions, is stopped here. */
const allowed: ReadonlySet<string> = new Set(
  [
    reads.loginKey,
    reads.validate,
    reads.accounts,
    reads.contracts,
    reads.contractSearch,
    reads.contractById,
    reads.bars,
  ].map(({ path }) => path),
);
/** A part of the login's limit of 200 a minute (ProjectX documentation): bots that trade with it spend it as well. Bars are paced by what asks for them. */
const window = { requests: 60, windowMs: 60_000 };
/** How long nothing is asked after a 429 that names no time. */
const throttledForMs = 5_000;
const largestAnswer = 32 * 1024 * 1024;

/**
 * The way of paper mode to the venue: a client of its own for the few reads that it needs, so that no executor ever learns the venue's address.
 * Takes no redirect, and sends nothing twice.
 */
export class MarketHost {
  readonly #origin: URL;
  readonly #clock: Clock;
  readonly #agent: HttpAgent;
  readonly #isTls: boolean;
  readonly #pacer = new RequestPacer(window.requests, window.windowMs);
  readonly #waits = new Set<AbortController>();
  /** Monotonic; the venue wants to be left alone until then. */
  #quietUntil = Number.NEGATIVE_INFINITY;

  constructor(origin: URL, ca: string | undefined, clock: Clock) {
    this.#origin = origin;
    this.#clock = clock;
    this.#isTls = origin.protocol === 'https:';
    // safeguard: certificates are checked whatever the environment says, paper mode
    const tls = { rejectUnauthorized: true, ...(ca !== undefined && { ca }) };
    this.#agent = this.#isTls
      ? new HttpsAgent({ ...tls, keepAlive: true, maxSockets: 2 })
      : new HttpAgent({ keepAlive: true, maxSockets: 2 });
  }

  readonly send: AdapterContext['send'] = async (request, options) => {
    const { template } = request;
    // safeguard: paper mode sends the venue nothing but reads of the market
    if (template.operation !== 'read' || template.method !== 'POST' || !allowed.has(template.path))
      throw new AdapterError(
        'WRONG_HOST',
        `In paper mode ${template.path} must not reach ${this.#origin.host}.`,
      );
    // end of safeguard
    const queued = this.#clock.monotonic();
    if (queued < this.#quietUntil)
      return unsent(
        'BUDGET_EXHAUSTED',
        'The venue said that requests come too often.',
        queued,
        this.#clock.monotonic(),
      );
    if (options.bucket !== 'bars' && !(await this.#hasRoom(options.timeoutMs)))
      return unsent(
        'BUDGET_EXHAUSTED',
        'The part of the rate limit that paper mode has is spent.',
        queued,
        this.#clock.monotonic(),
      );
    return this.#deliver(request, options, queued);
  };

  readonly throttled: AdapterContext['throttled'] = (retryAfterMs) => {
    this.#quietUntil = this.#clock.monotonic() + (retryAfterMs ?? throttledForMs);
  };

  close(): void {
    for (const wait of this.#waits) wait.abort();
    this.#agent.destroy();
  }

  /** Waits for it as long as the read has time, and no longer than this is open. */
  async #hasRoom(timeoutMs: number): Promise<boolean> {
    const wait = new AbortController();
    this.#waits.add(wait);
    const timer = this.#clock.setTimer(timeoutMs, () => wait.abort());
    await this.#pacer.admit(this.#clock, wait.signal);
    timer.cancel();
    this.#waits.delete(wait);
    return !wait.signal.aborted;
  }

  #deliver(
    { template, authorization, body }: PreparedRequest,
    { timeoutMs, signal }: SendOptions,
    queued: number,
  ): Promise<Delivery> {
    const clock = this.#clock;
    const headers = {
      ...template.headers,
      'content-length': String(Buffer.byteLength(body)),
      ...(authorization && { authorization: authorization.header }),
    };
    return new Promise((resolve) => {
      const written = clock.monotonic();
      const request: ClientRequest = (this.#isTls ? httpsRequest : httpRequest)(
        new URL(template.path, this.#origin),
        { method: template.method, headers, agent: this.#agent, ...(signal && { signal }) },
      );
      const failed = (code: FailureCode, message: string, cause?: unknown): void => {
        timer.cancel();
        request.destroy();
        resolve({
          stage: 'writing',
          bytes: 'maybe',
          failure: { code, message, cause: bareCause(cause) },
          marks: { queued, written, firstByte: undefined, end: clock.monotonic() },
        });
      };
      const timer = setPatientTimer(clock, timeoutMs, () =>
        failed('TIMEOUT', `${this.#origin.host} gave no answer in ${timeoutMs} ms.`),
      );
      request.on('error', (cause) =>
        failed(codeOf(cause), `${this.#origin.host} could not be asked: ${cause.message}`, cause),
      );
      request.on('response', (response) => {
        const firstByte = clock.monotonic();
        collect(response).then(
          (whole) => {
            timer.cancel();
            resolve({
              stage: 'answered',
              bytes: 'all',
              answer: {
                status: response.statusCode ?? 0,
                headers: headersOf(response),
                body: whole,
              },
              marks: { queued, written, firstByte, end: clock.monotonic() },
            });
          },
          (cause: unknown) =>
            failed(
              'ANSWER_INCOMPLETE',
              `The answer of ${this.#origin.host} ended in the middle.`,
              cause,
            ),
        );
      });
      request.end(body);
    });
  }
}

async function collect(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > largestAnswer) throw new RangeError('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** As the port wants them: lower-case names, repeated ones joined. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function unsent(code: FailureCode, message: string, queued: number, end: number): Delivery {
  return {
    stage: 'queued',
    bytes: 'none',
    failure: { code, message },
    marks: { queued, written: undefined, firstByte: undefined, end },
  };
}

function codeOf(cause: Error): FailureCode {
  const code = 'code' in cause ? String(cause.code) : '';
  if (code === 'ECONNREFUSED') return 'REFUSED';
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'DNS';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'RESET';
  if (code.startsWith('ERR_TLS') || code.includes('CERT')) return 'TLS';
  return 'NO_CONNECTION';
}
