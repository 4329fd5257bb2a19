/** Whether the venue had done what the request asks when it went wrong: an order placed "after" exists, whatever the client saw. */
export type FaultMoment = 'before-accepting' | 'after-accepting';

/** What goes wrong with a request, a connection, or a hub. All times in milliseconds by the gateway's clock. */
export type Fault = ConnectionFault | RequestFault | HubFault;

/** Faults of a connection, before there is a request. */
export type ConnectionFault =
  /** Nothing listens: connections are refused and open ones are reset, until the rule is removed or `forMs` is over. */
  | { readonly kind: 'refuse'; readonly forMs?: number | undefined }
  /** The connection is taken and reset at once. */
  | { readonly kind: 'reset'; readonly at: 'connect' };

/** Faults of one request. */
export type RequestFault =
  /** The connection is reset (TCP RST): with the body unread, with the request read and dropped, with it carried out, or halfway through the answer. */
  | {
      readonly kind: 'reset';
      readonly at: 'before-reading' | 'after-reading' | 'after-accepting' | 'mid-answer';
    }
  /** No answer for `forMs`, for ever without it. Before accepting, the request is carried out when that time is over, whether the client still waits or not. */
  | { readonly kind: 'stall'; readonly at: FaultMoment; readonly forMs?: number | undefined }
  /** An HTTP status in place of the answer, with an empty body unless one is given: 500, 502, 503, 401, 429… */
  | {
      readonly kind: 'status';
      readonly status: number;
      /** Default `before-accepting`. */
      readonly at?: FaultMoment | undefined;
      /** A `Retry-After` header: seconds, or an HTTP date. */
      readonly retryAfter?: number | string | undefined;
      readonly body?: string | undefined;
      /** Of the body. Default `text/html`. */
      readonly contentType?: string | undefined;
    }
  /** HTTP 200 with a refusal in the envelope. After accepting, the payload (such as `orderId`) is the real one. */
  | {
      readonly kind: 'answer';
      readonly errorCode: number;
      readonly errorMessage?: string | null | undefined;
      /** Default `before-accepting`. */
      readonly at?: FaultMoment | undefined;
    }
  /** The request is carried out; its answer is HTTP 200 with a body that is spoiled. */
  | { readonly kind: 'body'; readonly form: SpoiledBody }
  /** The answer trickles: `bytes` (default 8) every `everyMs` (default 50). */
  | {
      readonly kind: 'slow';
      readonly bytes?: number | undefined;
      readonly everyMs?: number | undefined;
    }
  /** The request is carried out `byMs` later: only then the order appears and its tag is taken. The answer waits for it, or is a 500, a 503 or a reset at once. */
  | {
      readonly kind: 'delay';
      readonly byMs: number;
      readonly answer?: 'wait' | 500 | 502 | 503 | 'reset' | undefined;
    }
  /** The gateway's clock is `byMs` ahead of the client's (behind, if negative): in `Date`, in timestamps, and in what it takes times in requests to mean. */
  | { readonly kind: 'clock-skew'; readonly byMs: number };

/** Empty; the first half of the JSON; a proxy's error page; every value of another type; without its payload; its payload null. */
export type SpoiledBody =
  | 'empty'
  | 'truncated'
  | 'html'
  | 'wrong-types'
  | 'missing-payload'
  | 'null-payload';

/** Faults of the real-time hubs. */
export type HubFault =
  /** The event is sent twice. */
  | { readonly kind: 'event-duplicate' }
  /** The event is not sent. */
  | { readonly kind: 'event-drop' }
  /** The event is sent `byMs` later; those after it go ahead. */
  | { readonly kind: 'event-delay'; readonly byMs: number }
  /** The event is held until the next one of the connection has been sent. */
  | { readonly kind: 'event-reorder' }
  /** The connection is cut in place of sending the event, without a close frame. */
  | { readonly kind: 'hub-drop' }
  /** From this event on the connection stays open and says nothing, not even pings; for `forMs`, or for ever. */
  | { readonly kind: 'hub-mute'; readonly forMs?: number | undefined };

/** When something goes wrong, and what. A rule matches calls by its selectors; of those it takes the `nth`, or each with its `probability`, and at most `count`. */
export interface FaultRule {
  /** Default: `fault-1`, `fault-2`, … */
  readonly id?: string | undefined;
  /** For faults of requests: an endpoint such as `Order/place`, or a group such as `Order/*`. Default: every endpoint. Never matches `/sim/…`. */
  readonly endpoint?: string | undefined;
  /** For faults of hubs: one of the two. Default: both. */
  readonly hub?: 'user' | 'market' | undefined;
  /** For faults of hubs: one kind of event, such as `GatewayUserOrder`. Default: every one. */
  readonly event?: string | undefined;
  /** Only what concerns this account. */
  readonly accountId?: number | undefined;
  /** Chance that a matching call is hit, above 0 and at most 1. Default 1. */
  readonly probability?: number | undefined;
  /** Only the nth matching call, counted from 1. */
  readonly nth?: number | undefined;
  /** Most times the rule strikes. Default: no limit. */
  readonly count?: number | undefined;
  /** Sets which calls the probability hits. Default: the gateway's seed. */
  readonly seed?: number | undefined;
  readonly fault: Fault;
}

/** How often a rule has matched and struck. */
export interface FaultCount {
  readonly matched: number;
  readonly struck: number;
}
