import type { Operation } from './operation.ts';
import type { Authorization } from './authorization.ts';

/** The constant part of one endpoint's requests. Made once per session: executors may keep prebuilt heads by its identity and the authorization's generation. */
export interface RequestTemplate {
  readonly operation: Operation;
  readonly method: 'GET' | 'POST';
  /** Begins with `/`. */
  readonly path: string;
  /** Lower-case names; without `host`, `content-length` and `authorization`, which the executor writes. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One request, complete but for the bytes that only the executor can know. */
export interface PreparedRequest {
  readonly template: RequestTemplate;
  readonly authorization: Authorization | undefined;
  /** ASCII only, so that its length is its byte count and head and body can leave in one write. Empty for no body. */
  readonly body: string;
}
