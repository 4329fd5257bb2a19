import type { AdapterContext, Answer, Authorization, Lane, RequestTemplate } from '@hotpath/core';
import { ReadError } from '@hotpath/core';
import * as z from 'zod';
import { retryAfterMs } from './decode.ts';
import { parseJson as readJson } from './parse-json.ts';

/** Where a read gets its token, and where a refused one is replaced. A login goes out through the client that asks for it. */
export interface TokenSource {
  authorization(client: ReadClient): Promise<Authorization>;
  renew(generation: number, client: ReadClient): Promise<void>;
}

export interface ReadOptions {
  readonly lane?: Lane | undefined;
  readonly timeoutMs?: number | undefined;
  /** The venue's own bucket for bars. */
  readonly bucket?: 'bars' | undefined;
}

/** One read under the session. A body given as text is ASCII JSON, with numbers that a double might not hold. */
export type Ask = <Value>(template: RequestTemplate, body: object | string, schema: z.ZodType<Value>, options?: ReadOptions) => Promise<Value>;

const envelope = z.object({ success: z.boolean(), errorCode: z.int(), errorMessage: z.string().nullish() });

/** Asks the gateway and checks its answers. Every failure is a `ReadError`; a missing list is unreadable, never empty. */
export class ReadClient {
  readonly #context: AdapterContext;
  readonly #defaultTimeoutMs: number;

  constructor(context: AdapterContext, defaultTimeoutMs: number) {
    this.#context = context;
    this.#defaultTimeoutMs = defaultTimeoutMs;
  }

  /** A 401 is answered by one renewed token and one repeat: reads change nothing, so they may. */
  async read<Value>(template: RequestTemplate, body: object | string, schema: z.ZodType<Value>, tokens: TokenSource, options?: ReadOptions): Promise<Value> {
    const authorization = await tokens.authorization(this);
    const answer = await this.#send(template, body, authorization, options);
    if (answer.status !== 401) return this.#parse(template, answer, schema);
    await tokens.renew(authorization.generation, this);
    return this.#parse(template, await this.#send(template, body, await tokens.authorization(this), options), schema);
  }

  /** With this token or none and without a repeat: for the session itself. */
  async readWith<Value>(authorization: Authorization | undefined, template: RequestTemplate, body: object | string, schema: z.ZodType<Value>, options?: ReadOptions): Promise<Value> {
    return this.#parse(template, await this.#send(template, body, authorization, options), schema);
  }

  async #send(template: RequestTemplate, body: object | string, authorization: Authorization | undefined, options: ReadOptions = {}): Promise<Answer> {
    const { lane = 'read', timeoutMs = this.#defaultTimeoutMs, bucket } = options;
    const delivery = await this.#context.send({ template, authorization, body: typeof body === 'string' ? body : asciiJson(body) }, { lane, timeoutMs, bucket });
    if (delivery.stage === 'answered') return delivery.answer;
    const code = delivery.failure.code === 'BUDGET_EXHAUSTED' ? 'BUDGET_EXHAUSTED' : 'UNREACHABLE';
    throw new ReadError(code, `${template.path}: ${delivery.failure.message}`, { cause: delivery.failure.cause });
  }

  #parse<Value>({ path }: RequestTemplate, answer: Answer, schema: z.ZodType<Value>): Value {
    if (answer.status === 401) throw new ReadError('UNAUTHORIZED', `${path}: the venue refused the token.`);
    if (answer.status === 429) {
      this.#context.throttled(retryAfterMs(answer));
      throw new ReadError('THROTTLED', `${path}: the venue says that requests come too often.`);
    }
    if (answer.status !== 200) throw new UnexpectedStatus(answer.status, `${path}: the venue answered HTTP ${answer.status}.`);
    const value = parseJson(answer.body);
    const head = envelope.safeParse(value);
    if (!head.success) throw new ReadError('UNREADABLE', `${path}: the answer is not what the gateway documents.`);
    const { success, errorCode, errorMessage } = head.data;
    if (!success) throw new RefusedRead(errorCode, `${path}: the venue gave error code ${errorCode}${errorMessage ? `, ${errorMessage}` : ''}.`);
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new ReadError('UNREADABLE', `${path}: ${parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`);
  }
}

/** The venue's own refusal of a read, with its number: 1 is "not found" at most endpoints. */
export class RefusedRead extends ReadError {
  readonly errorCode: number;

  constructor(errorCode: number, message: string) {
    super('REFUSED', message);
    this.errorCode = errorCode;
  }
}

/** An HTTP status other than those that say something about the request itself. */
export class UnexpectedStatus extends ReadError {
  readonly status: number;

  constructor(status: number, message: string) {
    super(status >= 500 ? 'UNREACHABLE' : 'REFUSED', message);
    this.status = status;
  }
}

function parseJson(body: Uint8Array): unknown {
  try {
    return readJson(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** A request's body is ASCII by contract; a search text or a user name need not be. */
function asciiJson(body: object): string {
  return JSON.stringify(body).replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
