import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TokenDesk } from '../auth/token-desk.ts';
import type { GatewayClock } from '../clock.ts';
import { after } from '../clock.ts';
import type { FaultBook } from '../faults/fault-book.ts';
import { isRecord } from '../faults/spoil-body.ts';
import { hubToken } from '../hubs/hub-server.ts';
import { actOut } from './act-out.ts';
import { isJsonType } from './content-types.ts';
import type { GatewayLog } from './gateway-log.ts';
import { logWhenEnded } from './gateway-log.ts';
import { lowerCaseFields, lowerCased } from './lower-case-fields.ts';
import { problem } from './problem-details.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Reply } from './reply.ts';
import { reset } from './reset-connection.ts';
import type { Route } from './route.ts';
import { send } from './send.ts';
import type { SimRoutes } from './sim-routes.ts';

/** Where requests are told to be taken one way or the other. */
export interface HandlerRules {
  /** Whether a path with a slash at its end is found. */
  readonly trailingSlash: boolean;
  /** Whether a body must say that it is JSON. */
  readonly contentTypes: boolean;
  /** Whether the ping is for those alone who have logged in. */
  readonly pingNeedsToken: boolean;
}

/** How long a request takes, each time drawn anew. */
export interface RequestWaits {
  readonly requestMs: () => number;
  readonly answerMs: () => number;
  readonly answerWaitMs: () => number;
}

export interface HandlerParts {
  readonly clock: GatewayClock;
  readonly tokens: TokenDesk;
  readonly faults: FaultBook;
  /** By whole path in lower case; routing is without case, as in the framework behind the gateway. */
  route(path: string): Route | undefined;
  limiter(bucket: Route['bucket']): RateLimiter | undefined;
  /** How a 429 says when to come again; undefined for not at all. */
  readonly retryAfter: 'seconds' | 'date' | undefined;
  /** Told of every request once it has ended. */
  readonly log: GatewayLog | undefined;
  readonly rules: HandlerRules;
  /** How long the present venue takes. */
  readonly waits: () => RequestWaits;
  /** A new name for a request, as the framework's refusals carry it. */
  traceId(): string;
  /** Answers `/sim/…`; undefined when that is off or served elsewhere. */
  readonly sim: SimRoutes | undefined;
}

const unauthorized: Reply = { status: 401 };
const notFound: Reply = { status: 404 };
const largestBody = 1024 * 1024;

/** Reads a request whole, then answers it in one write, unless something goes wrong with it. */
export function createRequestHandler(
  parts: HandlerParts,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { clock, faults, sim, log } = parts;
  return (request, response) => {
    const path = pathOf(request);
    if (path.startsWith('/sim/')) {
      readBody(request, (body) =>
        send(
          response,
          safely(() => sim?.(request.method ?? 'GET', path, body) ?? notFound),
          clock.now(),
        ),
      );
      return;
    }
    const endpoint = endpointOf(path);
    const notes = log && logWhenEnded(log, clock, request, response, path);
    if (faults.strikesHead(endpoint)) {
      if (notes) notes.fault = 'reset';
      return reset(request);
    }
    readBody(request, (body) => {
      const carryOut = (given: string): Reply => {
        const reply = safely(() => answer(parts, request, path, given));
        if (notes) notes.answered = reply.body;
        return reply;
      };
      const fault = faults.requestFault(endpoint, () => accountOf(body));
      if (notes) Object.assign(notes, { asked: body, fault: fault?.kind });
      if (fault) actOut(fault, { endpoint, body, response, clock, carryOut });
      else
        takeTime(
          parts,
          endpoint,
          () => carryOut(body),
          (reply) => send(response, reply, clock.now()),
        );
    });
  };
}

/** What tells of itself on the user hub. */
const mutating = /^(?:order\/(?:place|modify|cancel)|position\/(?:close|partialclose)contract)$/i;

/** Carries a request out and answers it, each when its time has come. */
function takeTime(
  { clock, waits }: HandlerParts,
  endpoint: string,
  carryOut: () => Reply,
  write: (reply: Reply) => void,
): void {
  const { requestMs, answerMs, answerWaitMs } = waits();
  after(clock, requestMs(), () => {
    const reply = carryOut();
    after(clock, answerMs(), () => {
      const waitMs = mutating.test(endpoint) ? answerWaitMs() : 0;
      // By the system's time: in which order a client reads two of its sockets is a matter of its own machine.
      if (waitMs > 0) setTimeout(() => write(reply), waitMs).unref();
      else write(reply);
    });
  });
}

/** Serves only the control endpoints, on a port of their own. */
export function createSimHandler(
  sim: SimRoutes,
  clock: GatewayClock,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) =>
    readBody(request, (body) =>
      send(
        response,
        safely(() => sim(request.method ?? 'GET', pathOf(request), body)),
        clock.now(),
      ),
    );
}

/** A mistake of the simulator's own is an answer too: a client that waits for ever would hide it. */
function safely(carryOut: () => Reply): Reply {
  try {
    return carryOut();
  } catch (error) {
    return {
      status: 500,
      body: `The simulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      contentType: 'text/plain; charset=utf-8',
    };
  }
}

/** A path as fault rules name it: `Order/place`, `hubs/user/negotiate`. */
export function endpointOf(path: string): string {
  return withoutSlash(path).replace(/^\/(?:api\/)?/i, '');
}

/** Routing ignores a slash at the end of a path, as the framework behind the gateway does. */
function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
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
    whole(
      chunks.length === 1 && only ? only.toString('utf8') : Buffer.concat(chunks).toString('utf8'),
    );
  });
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function queryOf(request: IncomingMessage): string {
  return request.url?.split('?', 2)[1] ?? '';
}

function answer(parts: HandlerParts, request: IncomingMessage, path: string, body: string): Reply {
  const method = request.method ?? 'GET';
  const routed = (parts.rules.trailingSlash ? withoutSlash(path) : path).toLowerCase();
  if (method === 'GET' && routed === '/api/status/ping') {
    const known =
      !parts.rules.pingNeedsToken ||
      parts.tokens.check(bearerToken(request.headers.authorization) ?? '', parts.clock.now()) !==
        undefined;
    return known ? { status: 200, body: JSON.stringify('pong') } : unauthorized;
  }
  const route = parts.route(routed);
  if (!route) return notFound;
  if (method !== 'POST') return { status: 405, headers: { allow: 'POST' } };

  const now = parts.clock.now();
  const token = routed.startsWith('/hubs/')
    ? hubToken(request, queryOf(request))
    : bearerToken(request.headers.authorization);
  const user = token === undefined ? undefined : parts.tokens.check(token, now);
  if (route.needsToken && user === undefined) return unauthorized;
  const limiter = parts.limiter(route.bucket);
  // Whom the live limit counts by is not known; here the user, and everybody without a token together.
  const waitMs = limiter?.waitMs(user ?? 'nobody', now) ?? 0;
  if (waitMs > 0) return tooMany(waitMs, now, parts.retryAfter);
  const traceId = parts.traceId();
  if (route.takesBody && parts.rules.contentTypes && !isJsonType(request.headers['content-type']))
    return problem(415, traceId);
  return route.handle(body, {
    token,
    now,
    traceId,
    raw: { at: now, path, body: route.needsToken ? body : '' },
  });
}

function tooMany(waitMs: number, now: number, retryAfter: 'seconds' | 'date' | undefined): Reply {
  const seconds = Math.ceil(waitMs / 1000);
  const header =
    retryAfter === 'seconds' ? String(seconds) : new Date(now + seconds * 1000).toUTCString();
  return { status: 429, ...(retryAfter !== undefined && { headers: { 'retry-after': header } }) };
}

function accountOf(body: string): number | undefined {
  const fields = lowerCaseFields(body);
  const filter = fields['filter'];
  const found =
    fields['accountid'] ?? (isRecord(filter) ? lowerCased(filter)['accountid'] : undefined);
  return typeof found === 'number' ? found : undefined;
}

function bearerToken(header: string | undefined): string | undefined {
  return header?.startsWith('Bearer ') === true ? header.slice('Bearer '.length) : undefined;
}
