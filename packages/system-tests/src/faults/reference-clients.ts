import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a way of placing makes of one order: the id it was told, or undefined when it takes the order for failed. Hangs where its way hangs. */
export type ReferenceClient = (body: string) => Promise<string | undefined>;
/** Sends a body once and gives the order id of a success. Throws on everything else. */
type Send = (body: string, timeoutMs: number | undefined) => Promise<string>;

export const referenceNames = [
  'retry three times on timeout',
  'fall back on any exception',
  'give up on exception',
  'plain fetch',
] as const;
export type ReferenceName = (typeof referenceNames)[number];

/** The ways in which bots commonly place orders, as small as they are met in the field. None gives its order an id of its own. */
export function referenceClient(
  name: ReferenceName,
  url: string,
  userName: string,
  timeoutMs: number,
): ReferenceClient {
  const token = tokenOf(url, userName);
  const overFetch: Send = (body, limitMs) => token((value) => fetchOnce(url, value, body, limitMs));
  const overHttp: Send = (body, limitMs) => token((value) => httpOnce(url, value, body, limitMs));
  switch (name) {
    case 'retry three times on timeout':
      return async (body) => {
        for (let attempt = 0; attempt < 4; attempt += 1) {
          try {
            return await overFetch(body, timeoutMs);
          } catch (error) {
            if (!(error instanceof Error && error.name === 'TimeoutError')) return undefined;
          }
        }
        return undefined;
      };
    case 'fall back on any exception':
      return (body) =>
        overHttp(body, timeoutMs)
          .catch(() => overFetch(body, timeoutMs))
          .catch(() => undefined);
    case 'give up on exception':
      return (body) => overFetch(body, timeoutMs).catch(() => undefined);
    case 'plain fetch':
      return (body) => overFetch(body, undefined).catch(() => undefined);
  }
}

class Unauthorized extends Error {}

/** Every client worth the name logs in again when its token is refused. */
function tokenOf(
  url: string,
  userName: string,
): (send: (token: string) => Promise<string>) => Promise<string> {
  let token: Promise<string> | undefined;
  const logIn = async (): Promise<string> => {
    const response = await fetch(`${url}/api/Auth/loginKey`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userName, apiKey: 'campaign' }),
    });
    const { token: value } = (await response.json()) as { readonly token: string };
    return value;
  };
  const current = (): Promise<string> => {
    token ??= logIn().catch((error: unknown) => {
      token = undefined;
      throw error;
    });
    return token;
  };
  return async (send) => {
    try {
      return await send(await current());
    } catch (error) {
      if (!(error instanceof Unauthorized)) throw error;
      token = undefined;
      return send(await current());
    }
  };
}

async function fetchOnce(
  url: string,
  token: string,
  body: string,
  timeoutMs: number | undefined,
): Promise<string> {
  const signal = timeoutMs === undefined ? null : AbortSignal.timeout(timeoutMs);
  const response = await fetch(`${url}/api/Order/place`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body,
    signal,
  });
  return orderIdOf(response.status, await response.text());
}

async function httpOnce(
  url: string,
  token: string,
  body: string,
  timeoutMs: number | undefined,
): Promise<string> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    authorization: `Bearer ${token}`,
  };
  const sent = request(`${url}/api/Order/place`, {
    method: 'POST',
    headers,
    ...(timeoutMs !== undefined && { signal: AbortSignal.timeout(timeoutMs) }),
  });
  const responded = once(sent, 'response');
  // An error after the answer has begun is the answer's as well.
  sent.on('error', () => undefined);
  sent.end(body);
  const [response] = (await responded) as [IncomingMessage];
  return orderIdOf(response.statusCode ?? 0, await text(response));
}

function orderIdOf(status: number, body: string): string {
  if (status === 401) throw new Unauthorized('401');
  if (status !== 200) throw new Error(`HTTP ${status}`);
  const answer = JSON.parse(body) as { readonly success?: boolean; readonly orderId?: number };
  if (answer.success !== true || answer.orderId === undefined) throw new Error('refused');
  return String(answer.orderId);
}
