/** A broker that is being made, for whoever has to watch, halt or give up a start that waits for its venue. */
export interface Starting {
  /** Where the venue is sought: scheme, host and port. */
  readonly address: string;
  /** Wall milliseconds of the call of `createBroker`. */
  readonly since: number;
  /** How often the venue has been tried, a try under way included. */
  readonly attempts: number;
  /** Why the last try failed; undefined as long as none has, and once the broker is there. */
  readonly reason: string | undefined;
  /** `starting`: not there yet. `started`: `createBroker` has resolved. `failed`: it has rejected. */
  readonly state: 'starting' | 'started' | 'failed';
  /** Whether nothing will enter the market when the broker is there: halted here, or by an earlier process on the same journal. */
  readonly isHalted: boolean;
  /**
   * As the broker's own `halt()`: nothing enters the market from this call on, and once the broker is there it cancels and closes what there is. `resume()` of the broker lifts it.
   * Returns whether the halt stands in the journal, so that it outlives this process from here on; `false`: the journal can't be written yet, and the halt is written when it can. Never throws.
   */
  halt(): boolean;
  /** Gives the start up: `createBroker` rejects with `StartError` `START_ABORTED`, and nothing stays open. No effect once the broker is there. */
  abort(reason?: unknown): void;
}
