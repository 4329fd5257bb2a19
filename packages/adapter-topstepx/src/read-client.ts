import type {
  AdapterContext,
  Answer,
  Authorization,
  Lane,
  Redactor,
  RequestTemplate,
} from '@hotpath/core';
import { ReadError } from '@hotpath/core';
import * as z from 'zod';
import { answerText } from './answer-text.ts';
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
export type Ask = <Value>(
  template: RequestTemplate,
  body: object | string,
  schema: z.ZodType<Value>,
  options?: ReadOptions,
) => Promise<Value>;

/** Characters of a message about a failed delivery: it names every executor. */
const longestMessage = 1_000;

const envelope = z.object({
  success: z.boolean(),
  errorCode: z.int(),
  errorMessage: z.string().nullish(),
});

export interface ReadClientOptions {
  /** Milliseconds a read may take that names no time. */
  readonly timeoutMs: number;
  /** Where the gateway is: errors name it. */
  readonly origin: string;
  /** Cleans what the venue says. */
  readonly texts: Redactor;
}

/** Asks the gateway and checks its answers. Every failure is a `ReadError`; a missing list is unreadable, never empty. */
export class ReadClient {
  readonly #context: AdapterContext;
  readonly #options: ReadClientOptions;

  constructor(context: AdapterContext, options: ReadClientOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** A 401 is answered by one renewed token and one repeat: reads change nothing, so they may. */
  async read<Value>(
    template: RequestTemplate,
    body: object | string,
    schema: z.ZodType<Value>,
    tokens: TokenSource,
    options?: ReadOptions,
  ): Promise<Value> {
    const authorization = await tokens.authorization(this);
    const answer = await this.#send(template, body, authorization, options);
    if (answer.status !== 401) return this.#parse(template, answer, schema);
    await tokens.renew(authorization.generation, this);
    return this.#parse(
      template,
      await this.#send(template, body, await tokens.authorization(this), options),
      schema,
    );
  }

  /** With this token or none and without a repeat: for the session itself. */
  async readWith<Value>(
    authorization: Authorization | undefined,
    template: RequestTemplate,
    body: object | string,
    schema: z.ZodType<Value>,
    options?: ReadOptions,
  ): Promise<Value> {
    return this.#parse(template, await this.#send(template, body, authorization, options), schema);
  }

  async #send(
    template: RequestTemplate,
    body: object | string,
    authorization: Authorization | undefined,
    options: ReadOptions = {},
  ): Promise<Answer> {
    const { lane = 'read', timeoutMs = this.#options.timeoutMs, bucket } = options;
    const delivery = await this.#context.send(
      { template, authorization, body: typeof body === 'string' ? body : asciiJson(body) },
      { lane, timeoutMs, bucket },
    );
    if (delivery.stage === 'answered') return delivery.answer;
    const code = delivery.failure.code === 'BUDGET_EXHAUSTED' ? 'BUDGET_EXHAUSTED' : 'UNREACHABLE';
    throw new ReadError(
      code,
      `${this.#address(template)}: ${this.#cleaned(delivery.failure.message, longestMessage)}`,
      { cause: delivery.failure.cause },
    );
  }

  #parse<Value>(template: RequestTemplate, answer: Answer, schema: z.ZodType<Value>): Value {
    const { status } = answer;
    const address = this.#address(template);
    if (status !== 200) throw this.#statusError(address, answer);
    const value = parseJson(answer.body);
    const head = envelope.safeParse(value);
    if (!head.success)
      throw new ReadError(
        'UNREADABLE',
        `${address}: the answer is not what the gateway documents${this.#said(answer)}`,
        { status },
      );
    const { success, errorCode, errorMessage } = head.data;
    if (!success) {
      const venueText = errorMessage ? this.#cleaned(errorMessage) : undefined;
      throw new RefusedRead(
        errorCode,
        `${address}: the venue gave error code ${errorCode}${venueText === undefined ? '' : `, ${venueText}`}.`,
        venueText,
      );
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new ReadError(
      'UNREADABLE',
      `${address}: ${this.#cleaned(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; '))}`,
      { status },
    );
  }

  #statusError(address: string, answer: Answer): ReadError {
    const { status } = answer;
    const venueText = this.#textOf(answer);
    const afterMs = retryAfterMs(answer);
    const said = this.#said(answer);
    if (status === 401)
      return new ReadError('UNAUTHORIZED', `${address}: the venue refused the token${said}`, {
        status,
        venueText,
      });
    if (status === 429) {
      this.#context.throttled(afterMs);
      return new ReadError(
        'THROTTLED',
        `${address}: the venue says that requests come too often${said}`,
        { status, venueText, retryAfterMs: afterMs },
      );
    }
    return new UnexpectedStatus(status, `${address}: the venue answered HTTP ${status}${said}`, {
      venueText,
      retryAfterMs: afterMs,
    });
  }

  #address({ path }: RequestTemplate): string {
    return `${this.#options.origin}${path}`;
  }

  #textOf(answer: Answer): string | undefined {
    const text = answerText(answer);
    return text === undefined ? undefined : this.#cleaned(text);
  }

  #cleaned(text: string, longest?: number): string {
    // safeguard: what the venue says of a read is cleaned before anybody is shown it
    return this.#options.texts.clean(text, longest);
  }

  /** The answer's own words, as the end of a sentence. */
  #said(answer: Answer): string {
    const text = this.#textOf(answer);
    return text === undefined ? '.' : `: ${text}`;
  }
}

/** The venue's own refusal of a read, with its number: 1 is "not found" at most endpoints. */
export class RefusedRead extends ReadError {
  readonly errorCode: number;

  constructor(errorCode: number, message: string, venueText: string | undefined) {
    super('REFUSED', message, { status: 200, venueCode: errorCode, venueText });
    this.errorCode = errorCode;
  }
}

/** An HTTP status other than those that say something about the request itself. */
export class UnexpectedStatus extends ReadError {
  constructor(
    status: number,
    message: string,
    details: { readonly venueText: string | undefined; readonly retryAfterMs: number | undefined },
  ) {
    super(status >= 500 ? 'UNREACHABLE' : 'REFUSED', message, { status, ...details });
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
  return JSON.stringify(body).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
