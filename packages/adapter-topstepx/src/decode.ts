import type { Answer, Mutation, OrderId, Verdict } from '@hotpath/core';
import { answerCodes } from './answer-codes.ts';
import { refusalHint } from './refusal-hints.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });
const inUse = /already in use/i;

/** What an answer to a mutation means. Whatever does not prove acceptance or refusal is ambiguous. */
export function decodeAnswer(operation: Mutation, answer: Answer): Verdict {
  const { status } = answer;
  if (status === 200) return decodeAccepted(operation, answer.body) ?? decodeEnvelope(operation, parseObject(answer.body));
  if (status === 401) return { is: 'unauthorized' };
  if (status === 429) return { is: 'throttled', retryAfterMs: retryAfterMs(answer) };
  if (neverBound.has(status)) {
    // Without the venue's own JSON it may be a proxy that speaks, which knows nothing of the order.
    const problem = parseObject(answer.body);
    if (problem) return { is: 'refused', code: 'MALFORMED', venueCode: status, message: `HTTP ${status}: ${problemText(problem)}`, orderId: undefined };
  }
  return { is: 'ambiguous', code: 'VENUE_STATUS', message: `The venue answered HTTP ${status}.`, arrived: false };
}

/** The two answers that nearly every mutation gets, as the gateway prints them. */
const acceptedPlace = /^\{"orderId":[1-9]\d{0,14},"success":true,"errorCode":0,"errorMessage":null\}$/;
const beforeOrderId = '{"orderId":'.length;
const acceptedChange = '{"success":true,"errorCode":0,"errorMessage":null}';
const longestAccepted = 100;

/** Reads those two without a parser; undefined for everything else, which the strict reader decides. */
function decodeAccepted(operation: Mutation, body: Uint8Array): Verdict | undefined {
  if (body.length > longestAccepted) return undefined;
  const text = (Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength)).toString('latin1');
  if (operation !== 'place') return text === acceptedChange ? { is: 'accepted', orderId: undefined } : undefined;
  return acceptedPlace.test(text) ? { is: 'accepted', orderId: text.slice(beforeOrderId, text.indexOf(',')) as OrderId } : undefined;
}

/** Statuses with which the gateway says that a request was never bound to an operation. */
const neverBound: ReadonlySet<number> = new Set([400, 404, 405, 415]);

type Fields = Readonly<Record<string, unknown>>;

function decodeEnvelope(operation: Mutation, fields: Fields | undefined): Verdict {
  const { success, errorCode, errorMessage } = fields ?? {};
  if (typeof success !== 'boolean' || typeof errorCode !== 'number' || !Number.isInteger(errorCode)) return unreadable('The answer is not what the gateway documents.', false);
  if (success !== (errorCode === 0)) return unreadable(`The answer says success ${success} and error code ${errorCode}.`, success);
  const orderId = toOrderId(fields?.['orderId']);
  if (success) {
    if (operation === 'place' && orderId === undefined) return unreadable('The venue accepted, but named no usable order id.', true);
    return { is: 'accepted', orderId };
  }
  const text = typeof errorMessage === 'string' && errorMessage !== '' ? errorMessage : undefined;
  if (operation === 'place' && text !== undefined && inUse.test(text)) return { is: 'client-order-id-in-use', message: text };
  const meaning = answerCodes[operation].get(errorCode);
  const message = text ?? `The venue gave error code ${errorCode} without a text.`;
  switch (meaning?.is) {
    case 'refused':
      return { is: 'refused', code: meaning.code, venueCode: errorCode, message, orderId, hint: refusalHint(message) };
    case 'disputed':
      return { is: 'disputed', venueCode: errorCode, message };
    case 'ambiguous':
      return { is: 'ambiguous', code: meaning.code, message, arrived: meaning.arrived };
    case undefined:
      return { is: 'ambiguous', code: 'VENUE_UNKNOWN_ERROR', message: `The venue gave error code ${errorCode}, which its documentation does not list: ${message}`, arrived: false };
  }
}

function unreadable(message: string, arrived: boolean): Verdict {
  return { is: 'ambiguous', code: 'ANSWER_UNREADABLE', message, arrived };
}

/** Order ids are int64; beyond 2^53 JSON.parse has already changed the number, and a changed id would name another order. */
function toOrderId(value: unknown): OrderId | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? (String(value) as OrderId) : undefined;
}

function parseObject(body: Uint8Array): Fields | undefined {
  try {
    const value: unknown = JSON.parse(decoder.decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function problemText(problem: Fields): string {
  for (const field of ['title', 'detail', 'errorMessage', 'message']) {
    const text = problem[field];
    if (typeof text === 'string' && text !== '') return text;
  }
  return 'the request was not understood';
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
