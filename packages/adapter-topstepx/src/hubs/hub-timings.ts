/** How patient a hub's keeper is; all in milliseconds. */
export interface HubTimings {
  /** For a connection to be made. A cold connect took 22 s in one report. */
  readonly connectMs: number;
  /** For a call to be confirmed. */
  readonly callMs: number;
  /** Nothing heard for so long: the hub is asked something. SignalR's servers ping every 15 s. */
  readonly probeAfterMs: number;
  /** Nothing heard for so long after the question: the connection is dead. */
  readonly deadAfterMs: number;
  /** Longest pause between two tries. */
  readonly longestPauseMs: number;
  /** A connection that ends sooner counts as a failed try. */
  readonly stableAfterMs: number;
  /** A subscription the hub refused is tried again after this. */
  readonly refusedAgainMs: number;
  /** The hub answers, but no event comes for so long: it may have forgotten its subscriptions. Doubles each time up to `longestQuietMs`. 0: quiet is no sign of anything. */
  readonly quietMs: number;
  readonly longestQuietMs: number;
}

export const userHubTimings: HubTimings = {
  connectMs: 30_000,
  callMs: 10_000,
  probeAfterMs: 20_000,
  deadAfterMs: 10_000,
  longestPauseMs: 30_000,
  stableAfterMs: 10_000,
  refusedAgainMs: 30_000,
  // An idle account has no events at all.
  // safeguard: quiet is no sign on the user hub
  quietMs: 0,
  longestQuietMs: 0,
};

/** A market that is open shows dozens of events a second; one that is closed shows none until Sunday evening. */
export const marketHubTimings: HubTimings = {
  ...userHubTimings,
  quietMs: 90_000,
  longestQuietMs: 30 * 60_000,
};
