import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TokenDesk } from '../auth/token-desk.ts';
import type { GatewayClock } from '../clock.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Reply } from './reply.ts';
import type { Route } from './route.ts';
import type { SimRoutes } from './sim-routes.ts';

export interface HandlerParts {
  readonly clock: GatewayClock;
  readonly tokens: TokenDesk;
  /** By whole path in lower case; routing is without case, as in the framework behind the gateway. */
  route(path: string): Route | undefined;
  readonly limiters: Readonly<Record<Route['bucket'], RateLimiter | undefined>>;
  /** Answers `/sim/…`; undefined when that is off or served elsewhere. */
  readonly sim: SimRoutes | undefined;
}

const jsonType = 'application/json; charset=utf-8';
const unauthorized: Reply = { status: 401 };
const notFound: Reply = { status: 404 };
const largestBody = 1024 * 1024;

/** Reads a request whole, then answers it in one write. */
export function createRequestHandler(parts: HandlerParts): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => readBody(request, (body) => send(response, answer(parts, request, body), parts.clock.now()));
}

/** Serves only the control endpoints, on a port of their own. */
export function createSimHandler(sim: SimRoutes, clock: GatewayClock): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => readBody(request, (body) => send(response, sim(request.method ?? 'GET', pathOf(request), body), clock.now()));
}

function readBody(request: IncomingMessage, whole: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > largestBody) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => {
    const [only] = chunks;
    whole(chunks.length === 1 && only ? only.toString('utf8') : Buffer.concat(chunks).toString('utf8'));
  });
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function answer(parts: HandlerParts, request: IncomingMessage, body: string): Reply {
  const method = request.method ?? 'GET';
  const path = pathOf(request);
  if (path.startsWith('/sim/')) return parts.sim?.(method, path, body) ?? notFound;
  if (method === 'GET' && path.toLowerCase() === '/api/status/ping') return { status: 200, body: JSON.stringify('pong') };
  const route = parts.route(path.toLowerCase());
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

/** Writes a reply in one go. Its `Date` is the venue's time. */
export function send(response: ServerResponse, { status, headers, body = '', contentType = jsonType }: Reply, now: number): void {
  response.writeHead(status, { date: new Date(now).toUTCString(), ...(body !== '' && { 'content-type': contentType }), 'content-length': Buffer.byteLength(body), ...headers });
  response.end(body);
}
