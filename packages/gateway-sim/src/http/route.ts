import type * as z from 'zod';
import type { RawRequest } from '../exchange/order-record.ts';
import type { Reply } from './reply.ts';

/** Who asks, and when. */
export interface RouteContext {
  /** Undefined only on the routes that need no token. */
  readonly token: string | undefined;
  readonly now: number;
  readonly raw: RawRequest;
}

/** One endpoint: what its body must hold, and what it does with it. */
export interface Route {
  /** Without the leading `/api/`. */
  readonly path: string;
  readonly needsToken: boolean;
  /** Which of the two rate-limit buckets it counts in. */
  readonly bucket: 'bars' | 'everything-else';
  handle(body: unknown, context: RouteContext): Reply;
}

/** Binds a body to its schema before the handler sees it; one that does not bind is answered with 400. */
export function route<Body>(
  path: string,
  schema: z.ZodType<Body>,
  handle: (body: Body, context: RouteContext) => Reply,
  refuse: (error: z.ZodError) => Reply,
  options: { readonly needsToken?: boolean; readonly bucket?: Route['bucket'] } = {},
): Route {
  return {
    path,
    needsToken: options.needsToken ?? true,
    bucket: options.bucket ?? 'everything-else',
    handle(body, context) {
      const bound = schema.safeParse(body);
      return bound.success ? handle(bound.data, context) : refuse(bound.error);
    },
  };
}
