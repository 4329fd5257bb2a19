import type { Latency } from './latency.ts';

/** How long things take at the venue and on the way, by the gateway's clock. Each default 0: at once. Recorded values are from July to September 2026. */
export interface LatencyOptions {
  /** From a request's arrival until it is carried out. Requests on several connections can overtake each other. */
  readonly requestMs?: Latency | undefined;
  /** From then until its answer. Round trips of 93 to 107 ms for a place were recorded, 29 to 60 ms for cancels. */
  readonly answerMs?: Latency | undefined;
  /** From taking a market order, or one whose price the market has reached already, until it trades. Recorded for entries: 6 to 8 ms, at most 22. */
  readonly fillMs?: Latency | undefined;
  /** The same for the order that a close makes. Default: as `fillMs`. Recorded: 2.7 to 3.5 ms. */
  readonly closeFillMs?: Latency | undefined;
  /** From accepting a cancel until the order is out; it can still fill meanwhile, and another cancel or a modify is answered with code 4. */
  readonly cancelMs?: Latency | undefined;
  /** From something happening until the user hub tells it. One connection's events stay in order. Recorded: 37 to 41 ms, by two machines' clocks. */
  readonly eventMs?: Latency | undefined;
  /** What position events take beyond that; others overtake them. */
  readonly positionEventMs?: Latency | undefined;
}
