import type { Answer, Mutation, OrderId, Verdict } from '@hotpath/core';
import { Redactor } from '@hotpath/core';
import { answerCodes } from './answer-codes.ts';
import type { Fields } from './answer-text.ts';
import { answerText, fieldProblems, jsonObject, problemText } from './answer-text.ts';
import { refusalHint } from './refusal-hints.ts';
import { botField } from './request-fields.ts';

const inUse = /already in use/i;
/** Cleans what the venue says: it may repeat the request, and the token with it. */
export type Texts = Pick<Redactor, 'clean'>;
const plainTexts: Texts = new Redactor();

/** What an answer to a mutation means. Whatever does not prove acceptance or refusal is ambiguous. Default of `texts`: one that knows no secret by name. */
export function decodeAnswer(
  operation: Mutation,
  answer: Answer,
  texts: Texts = plainTexts,
): Verdict {
  const { status } = answer;
  if (status === 200)
    return decodeAccepted(operation, answer.body) ?? decodeEnvelope(operation, answer, texts);
  if (status === 401) return { is: 'unauthorized', message: textOf(answer, texts) };
  if (status === 429)
    return { is: 'throttled', retryAfterMs: retryAfterMs(answer), message: textOf(answer, texts) };
  // Without the venue's own JSON it may be a proxy that speaks, which knows nothing of the order.
  const problem = neverBound.has(status) ? jsonObject(answer.body) : undefined;
  if (problem) return malformed(status, problem, texts);
  return {
    is: 'ambiguous',
    code: 'VENUE_STATUS',
    message: `The venue answered HTTP ${status}${said(answer, texts)}`,
    arrived: false,
  };
}

/** The venue's framework names the fields that it could not bind; the first that is the bot's own is the one to look at. */
function malformed(status: number, problem: Fields, texts: Texts): Verdict {
  const names = fieldProblems(problem).map(({ name }) => botField(name));
  // safeguard: a bot is told the field that a 400 names
  const field = names.find((name) => name !== undefined);
  return {
    is: 'refused',
    code: 'MALFORMED',
    venueCode: status,
    message: `HTTP ${status}: ${cleaned(problemText(problem), texts) ?? 'the request was not understood'}`,
    orderId: undefined,
    field,
  };
}

/** The words of an answer that is not the documented one. */
function textOf(answer: Answer, texts: Texts): string | undefined {
  return cleaned(answerText(answer), texts);
}

function cleaned(text: string | undefined, texts: Texts): string | undefined {
  // safeguard: what the venue says of an order is cleaned before anybody is shown it
  return text === undefined ? undefined : texts.clean(text);
}

/** The same as the end of a sentence. */
function said(answer: Answer, texts: Texts): string {
  const text = textOf(answer, texts);
  return text === undefined ? '.' : `: ${text}`;
}

/** The two answers that nearly every mutation gets, as the gateway prints them. */
const acceptedPlace =
  /^\{"orderId":[1-9]\d{0,14},"success":true,"errorCode":0,"errorMessage":null\}$/;
const beforeOrderId = '{"orderId":'.length;
const acceptedChange = '{"success":true,"errorCode":0,"errorMessage":null}';
const longestAccepted = 100;

/** Reads those two without a parser; undefined for everything else, which the strict reader decides. */
function decodeAccepted(operation: Mutation, body: Uint8Array): Verdict | undefined {
  if (body.length > longestAccepted) return undefined;
  const text = (
    Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  ).toString('latin1');
  if (operation !== 'place')
    return text === acceptedChange ? { is: 'accepted', orderId: undefined } : undefined;
  return acceptedPlace.test(text)
    ? { is: 'accepted', orderId: text.slice(beforeOrderId, text.indexOf(',')) as OrderId }
    : undefined;
}

/** Statuses with which the gateway says that a request was never bound to an operation. */
const neverBound: ReadonlySet<number> = new Set([400, 404, 405, 415]);

function decodeEnvelope(operation: Mutation, answer: Answer, texts: Texts): Verdict {
  const fields = jsonObject(answer.body);
  const { success, errorCode, errorMessage } = fields ?? {};
  if (typeof success !== 'boolean' || typeof errorCode !== 'number' || !Number.isInteger(errorCode))
    return unreadable(`The answer is not what the gateway documents${said(answer, texts)}`, false);
  if (success !== (errorCode === 0))
    return unreadable(`The answer says success ${success} and error code ${errorCode}.`, success);
  const orderId = toOrderId(fields?.['orderId']);
  if (success) {
    if (operation === 'place' && orderId === undefined)
      return unreadable('The venue accepted, but named no usable order id.', true);
    return { is: 'accepted', orderId };
  }
  const given = typeof errorMessage === 'string' && errorMessage !== '' ? errorMessage : undefined;
  const text = cleaned(given, texts);
  if (operation === 'place' && given !== undefined && inUse.test(given))
    return { is: 'client-order-id-in-use', message: text ?? '' };
  const meaning = answerCodes[operation].get(errorCode);
  const message = text ?? `The venue gave error code ${errorCode} without a text.`;
  switch (meaning?.is) {
    case 'refused':
      return {
        is: 'refused',
        code: meaning.code,
        venueCode: errorCode,
        message,
        orderId,
        hint: refusalHint(given ?? message),
      };
    case 'disputed':
      return { is: 'disputed', venueCode: errorCode, message };
    case 'ambiguous':
      return { is: 'ambiguous', code: meaning.code, message, arrived: meaning.arrived };
    case undefined:
      return {
        is: 'ambiguous',
        code: 'VENUE_UNKNOWN_ERROR',
        message: `The venue gave error code ${errorCode}, which its documentation does not list: ${message}`,
        arrived: false,
      };
  }
}

function unreadable(message: string, arrived: boolean): Verdict {
  return { is: 'ambiguous', code: 'ANSWER_UNREADABLE', message, arrived };
}

/** Order ids are int64; beyond 2^53 JSON.parse has already changed the number, and a changed id would name another order. */
function toOrderId(value: unknown): OrderId | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
    ? (String(value) as OrderId)
    : undefined;
}

/** No longer than an hour, whatever the header says: a proxy's mistake must not keep a bot out for years. */
const longestRetryAfterMs = 3_600_000;
/** A date as HTTP writes it. Date.parse makes dates of nearly everything, `-5` included. */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Seconds or an HTTP date; undefined when there is none that can be read (whether the gateway sends one is not documented). */
export function retryAfterMs({ headers }: Answer): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1000, longestRetryAfterMs);
  const [until, sent] = [Date.parse(text), Date.parse(headers['date'] ?? '')];
  if (!httpDate.test(text) || Number.isNaN(until) || Number.isNaN(sent)) return undefined;
  return Math.min(Math.max(0, until - sent), longestRetryAfterMs);
}
