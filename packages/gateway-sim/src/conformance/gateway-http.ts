import { RunEnded } from './check.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** An answer, read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body's fields; empty for what is no JSON object. */
  readonly fields: Fields;
}

/** What is unusual about a request; everything left out is as a client would have it. */
export interface RequestForm {
  readonly method?: string | undefined;
  /** Default: the token of the run; `null` for none. */
  readonly token?: string | null | undefined;
  /** Default `application/json`; `null` for none. */
  readonly contentType?: string | null | undefined;
  /** Its answer is waited for though the run ends: what it has done must be known. */
  readonly whole?: boolean | undefined;
  /** Does not wait its turn either, and passes when the requests are used up: it takes something back. */
  readonly urgent?: boolean | undefined;
}

export interface GatewayHttpParts {
  readonly url: URL;
  /** Milliseconds between two requests, so that other programs of the login keep their part of its limit. */
  readonly paceMs: number;
  readonly mostRequests: number;
  /** Ends everything that is under way. */
  readonly signal: AbortSignal;
}

const timeoutMs = 15_000;

/** Asks the gateway one request after the other, at a pace, and no more than so many. */
export class GatewayHttp {
  readonly #parts: GatewayHttpParts;
  readonly #base: string;
  #token: string | undefined;
  #turn: Promise<void> = Promise.resolve();
  #lastAt = 0;
  #count = 0;
  /** Milliseconds of each answered request, by path. */
  readonly durations: { readonly path: string; readonly milliseconds: number }[] = [];
  /** The answer that ended the run for coming too often, if there was one. */
  throttled: HttpAnswer | undefined;

  constructor(parts: GatewayHttpParts) {
    this.#parts = parts;
    this.#base = `${parts.url.origin}${parts.url.pathname.replace(/\/$/, '')}`;
  }

  get requests(): number {
    return this.#count;
  }

  get token(): string {
    return this.#token ?? '';
  }

  useToken(token: string): void {
    this.#token = token;
  }

  /** An operation with its body, as a client asks. */
  post(path: string, body: Fields, form?: RequestForm): Promise<HttpAnswer> {
    return this.raw(`/api/${path}`, JSON.stringify(body), form);
  }

  /** The rows of a list; throws for an answer that has none, which is then what the check says. */
  async rows(path: string, list: string, body: Fields): Promise<Fields[]> {
    const answer = await this.post(path, body);
    const rows = answer.fields[list];
    if (answer.fields['success'] === true && Array.isArray(rows)) return rows.filter(isFields);
    throw new UnexpectedAnswer(path, answer);
  }

  /** Any request at all. */
  async raw(path: string, body: string | undefined, form: RequestForm = {}): Promise<HttpAnswer> {
    const {
      method = 'POST',
      token = this.#token,
      contentType = 'application/json',
      urgent = false,
      whole = urgent,
    } = form;
    if (!urgent) await this.#admit();
    this.#count += 1;
    const startedAt = performance.now();
    const response = await fetch(`${this.#base}${path}`, {
      method,
      // A text would be given a type by fetch itself.
      ...(body !== undefined && { body: new TextEncoder().encode(body) }),
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        ...(contentType !== null && { 'content-type': contentType }),
        ...(token != null && { authorization: `Bearer ${token}` }),
      },
      signal: whole
        ? AbortSignal.timeout(timeoutMs)
        : AbortSignal.any([this.#parts.signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await response.text();
    this.durations.push({ path, milliseconds: performance.now() - startedAt });
    const answer = {
      status: response.status,
      headers: response.headers,
      text,
      fields: fieldsOf(text),
    };
    if (answer.status !== 429 || urgent) return answer;
    this.throttled = answer;
    throw new RunEnded('the gateway said that requests come too often (429)');
  }

  #admit(): Promise<void> {
    const { paceMs, mostRequests, signal } = this.#parts;
    const turn = this.#turn.then(async () => {
      signal.throwIfAborted();
      if (this.#count >= mostRequests) throw new RunEnded(`${mostRequests} requests are used up`);
      const waitMs = this.#lastAt + paceMs - performance.now();
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      this.#lastAt = performance.now();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

/** The answer is not the documented one. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';

  constructor(path: string, { status, fields }: HttpAnswer) {
    super(
      `${path} answered ${status}${'errorCode' in fields ? `, code ${String(fields['errorCode'])}` : ''}`,
    );
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}
