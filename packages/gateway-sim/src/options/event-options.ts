/** The user hub's events: their order, what is repeated, and what is left out. */
export interface EventOptions {
  /**
   * Whether a mutation's answer comes before its events (`first`, the default), some milliseconds of the system's time after them (`last`), or as drawn by seed for each (`drawn`).
   * Recorded for resting orders: from 3 ms before to 7 ms after.
   */
  readonly answer?: 'first' | 'last' | 'drawn' | undefined;
  /**
   * `recorded` (the default): the more usual order wherever several were recorded. `drawn`: by seed, each time anew, whether a market order's trades or its end come first, a close's own trade or the repeated
   * opening one, and in which order the three events of a bracket come.
   */
  readonly order?: 'recorded' | 'drawn' | undefined;
  /** What part of position events is never sent, from 0 to 1, drawn by seed. Default 0. */
  readonly lostPositions?: number | undefined;
  /** Milliseconds after which an account's event comes once more with the same balance; 0 for never. Default 20 (20 to 4,000 were recorded). */
  readonly repeatAccountMs?: number | undefined;
  /** Milliseconds after which a filled order's event comes once more; 0 for never, the default. Recorded once, after 600. */
  readonly repeatFilledMs?: number | undefined;
}
