import type { Unknowns } from '../options/unknowns.ts';

/** Wrapped as `{action, data}`, as recorded in 2026, or flat as documented. */
export type HubPayloads = 'wrapped' | 'flat';

/** Where the hubs are told to be one way or the other. */
export interface HubRules {
  readonly payloads: HubPayloads;
  /** Whether a path with a slash at its end is found. */
  readonly trailingSlash: boolean;
  /** Whether methods are found in any case, as the framework does. */
  readonly methodsInAnyCase: boolean;
  readonly otherVersions: NonNullable<Unknowns['otherVersions']>;
  readonly paddedTimes: boolean;
  readonly nulls: boolean;
  readonly oneDigitYears: boolean;
  /** Whether a resting order is told as pending first. */
  readonly pendingResting: boolean;
  readonly pendingCloses: NonNullable<Unknowns['pendingCloses']>;
  readonly deletedOrders: NonNullable<Unknowns['deletedOrders']>;
  readonly repeatedTradeId: NonNullable<Unknowns['repeatedTradeId']>;
  readonly volumeQuotes: boolean;
  /** Times the sizes of the book that depth shows. */
  readonly bookSize: number;
  /** Milliseconds; 0 for never. */
  readonly repeatAccountMs: number;
  readonly repeatFilledMs: number;
}

/** What chance decides about user events, by the seed of the venue that makes them. */
export interface EventDraws {
  eventMs(): number;
  /** Beyond `eventMs`; undefined: position events are like others. */
  readonly positionEventMs: (() => number) | undefined;
  losesPosition(): boolean;
}
