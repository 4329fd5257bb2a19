import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TokenDesk } from '../auth/token-desk.ts';
import type { GatewayClock } from '../clock.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Reply } from './reply.ts';
import type { Route } from './route.ts';

export interface HandlerParts {
  readonly clock: GatewayClock;
  readonly tokens: TokenDesk;
  readonly routes: readonly Route[];
  readonly limiters: Readonly<Record<Route['bucket'], RateLimiter | undefined>>;
  /** Answers `/sim/…`; undefined where there is nothing. */
  sim(method: string, path: string): Reply | undefined;
}

const jsonType = 'application/json; charset=utf-8';
const unauthorized: Reply = { status: 401 };
const notFound: Reply = { status: 404 };
const largestBody = 1024 * 1024;

/** Reads a request whole, then answers it in one write. */
export function createRequestHandler(parts: HandlerParts): (request: IncomingMessage, response: ServerResponse) => void {
  // Routing is without case, as in the framework behind the gateway.
  const routes = new Map(parts.routes.map((route) => [`/api/${route.path}`.toLowerCase(), route]));
  return (request, response) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > largestBody) request.destroy();
      else chunks.push(chunk);
    });
    request.on('end', () => {
      const [only] = chunks;
      const body = chunks.length === 1 && only ? only.toString('utf8') : Buffer.concat(chunks).toString('utf8');
      send(response, answer(parts, routes, request, body));
    });
  };
}

function answer(parts: HandlerParts, routes: ReadonlyMap<string, Route>, request: IncomingMessage, body: string): Reply {
  const method = request.method ?? 'GET';
  const [path = '/'] = (request.url ?? '/').split('?', 1);
  if (path.startsWith('/sim/')) return parts.sim(method, path) ?? notFound;
  if (method === 'GET' && path.toLowerCase() === '/api/status/ping') return { status: 200, body: JSON.stringify('pong') };
  const route = routes.get(path.toLowerCase());
  if (!route) return notFound;
  if (method !== 'POST') return { status: 405, headers: { allow: 'POST' } };

  const now = parts.clock.now();
  const token = bearerToken(request.headers.authorization);
  const user = token === undefined ? undefined : parts.tokens.check(token, now);
  if (route.needsToken && user === undefined) return unauthorized;
  const limiter = parts.limiters[route.bucket];
  // Whom the live limit counts by is not known; here the user, and everybody without a token together.
  if (limiter && !limiter.admit(user ?? 'nobody', now)) return { status: 429 };

  let fields: unknown;
  try {
    fields = body === '' ? {} : JSON.parse(body);
  } catch {
    fields = undefined;
  }
  return route.handle(fields, { token, now, raw: { at: now, path, body: route.needsToken ? body : '' } });
}

function bearerToken(header: string | undefined): string | undefined {
  return header?.startsWith('Bearer ') === true ? header.slice('Bearer '.length) : undefined;
}

function send(response: ServerResponse, { status, headers, body = '', contentType = jsonType }: Reply): void {
  response.writeHead(status, { ...(body !== '' && { 'content-type': contentType }), 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}
