import type { BoundBody } from '../binding/bind-body.ts';
import { bindBody } from '../binding/bind-body.ts';
import type { BindingRules, Field } from '../binding/fields.ts';
import type { RawRequest } from '../exchange/order-record.ts';
import { problem } from './problem-details.ts';
import type { Reply } from './reply.ts';

/** Who asks, and when. */
export interface RouteContext {
  /** Undefined only on the routes that need no token. */
  readonly token: string | undefined;
  readonly now: number;
  readonly raw: RawRequest;
  /** What the framework calls this request in its refusals. */
  readonly traceId: string;
}

/** One endpoint: what its body must hold, and what it does with it. */
export interface Route {
  /** Without the leading `/api/`. */
  readonly path: string;
  readonly needsToken: boolean;
  /** Whether it reads a body, which then must be JSON. */
  readonly takesBody: boolean;
  /** Which of the two rate-limit buckets it counts in. */
  readonly bucket: 'bars' | 'everything-else';
  handle(body: string, context: RouteContext): Reply;
}

/** How bodies are bound, and how a body that does not bind is answered. */
export interface RouteRules extends BindingRules {
  /** Names the field alone, as no framework does: a difference that can be switched on. */
  readonly plainProblems: boolean;
}

export interface RouteOptions {
  readonly needsToken?: boolean;
  readonly bucket?: Route['bucket'];
}

/** Binds a body to its model before the handler sees it; one that does not bind is answered with 400. */
export function route<Body>(
  path: string,
  body: Field<Body>,
  rules: RouteRules,
  handle: (body: Body, context: RouteContext) => Reply,
  options: RouteOptions = {},
): Route {
  return {
    ...bodilessRoute(path, () => ({ status: 500 }), options),
    takesBody: true,
    handle(text, context) {
      const bound = bindBody(body, text, rules);
      return bound.ok
        ? handle(bound.value, context)
        : problem(400, context.traceId, rules.plainProblems ? plain(bound.errors) : bound.errors);
    },
  };
}

/** An endpoint that reads no body, whatever comes as one. */
export function bodilessRoute(
  path: string,
  handle: (context: RouteContext) => Reply,
  options: RouteOptions = {},
): Route {
  return {
    path,
    needsToken: options.needsToken ?? true,
    takesBody: false,
    bucket: options.bucket ?? 'everything-else',
    handle: (_body, context) => handle(context),
  };
}

function plain(
  errors: Extract<BoundBody<never>, { ok: false }>['errors'],
): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(errors).map(([place]) => [
      place.replace(/^\$\.?/, ''),
      ['The value is not valid.'],
    ]),
  );
}
