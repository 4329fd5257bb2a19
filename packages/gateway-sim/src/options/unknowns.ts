/** What nobody has seen of the live gateway. Each default is the way that is harder on a client, unless it says why not; `docs/simulator.md` says what would settle each. */
export interface Unknowns {
  /** Numbers sent as digits in text: `refused` with 400 (the default), or `taken`, as the web defaults of the framework would. */
  readonly numbersAsText?: 'refused' | 'taken' | undefined;
  /** Bars with `live: true`, where there are no live contracts: `none` (the default) or `simulated`, as with `false`. */
  readonly liveBars?: 'none' | 'simulated' | undefined;
  /** Rows of `Contract/search`: those whose internal code begins with the text come first (`codes-first`, the default: QG before NQ for `NQ`), or those whose name does (`names-first`). */
  readonly searchOrder?: 'codes-first' | 'names-first' | undefined;
  /** Whether `Contract/search` looks at descriptions as well. Default false: whoever searches by one finds nothing. */
  readonly searchDescriptions?: boolean | undefined;
  /** What `onlyActiveAccounts` leaves out: `nothing` (the default), or accounts that cannot trade (`locked`). */
  readonly onlyActiveAccounts?: 'nothing' | 'locked' | undefined;
  /** An empty `customTag`: `no-tag` (the default, because a client sends it with every order), or a tag like others, which can be used once (`a-tag`). */
  readonly emptyTag?: 'no-tag' | 'a-tag' | undefined;
  /** Most characters of a tag, those of a leg's ending included; 0 for no limit. Default 64, what clients keep below. */
  readonly longestTag?: number | undefined;
  /**
   * Which refused places leave an order with status 5 that keeps its tag, and name it: `all` that get as far as an order (the default), or only those where it was `recorded` (bracket mode, a bracket too near, closed market).
   */
  readonly refusedOrders?: 'all' | 'recorded' | undefined;
  /** Whether a modify moves `updateTimestamp`. Default false. */
  readonly modifyMovesTime?: boolean | undefined;
  /** A modify of a suspended leg: `refused` with code 3 (the default) or `taken`. */
  readonly suspendedLegs?: 'refused' | 'taken' | undefined;
  /** Another size for one leg of a bracket: `taken`, the sibling keeping its own (the default, because hosts depend on it), or `refused` with code 3, as one client says of position brackets. */
  readonly legSize?: 'taken' | 'refused' | undefined;
  /** Fewest ticks of a target, as of a stop, where 4 were recorded. Default 0: no refusal of a near target is known. */
  readonly leastTargetTicks?: number | undefined;
  /** A leg whose position was closed before it worked: `works` all the same (the default, so that it must be swept), is `refused` with status 5, or `lost` without a word. Matters with `bracketActivationMs`. */
  readonly legsOfClosed?: 'works' | 'refused' | 'lost' | undefined;
  /** The id of the opening trade that a close repeats: the same (the default, so that telling them apart by id is enough) or a `new` one. */
  readonly repeatedTradeId?: 'same' | 'new' | undefined;
  /** Which order events have action 2: those that end an order `unfilled` (the default), every `final` one, or `none`. */
  readonly deletedOrders?: 'unfilled' | 'final' | 'none' | undefined;
  /** Whether the order of a close is told as pending, as market orders are: `shown` (the default, as recorded for tagless market orders of unknown origin) or `hidden`. */
  readonly pendingCloses?: 'shown' | 'hidden' | undefined;
  /** A close while the order of another one has not filled: it `acts` on the position as it still is, and turns it round (the default), or is `refused` with code 2. Matters with `latency`. */
  readonly secondClose?: 'acts' | 'refused' | undefined;
  /** A limit order beyond the market keeps its type (`limit`, the default), or is shown as a `market` order (one client). */
  readonly crossingLimits?: 'limit' | 'market' | undefined;
  /** The contract filter of `Order/v2/query`: `ignored` (the default, as one client measured) or `applied`. */
  readonly queryContract?: 'ignored' | 'applied' | undefined;
  /** Whether rows of `Trade/search` have `commissions`. Default true, as in the Swagger file. */
  readonly restCommissions?: boolean | undefined;
  /** Whether order rows of REST name a leg's entry and sibling. Default true, as in rows of August 2026. */
  readonly restLegLinks?: boolean | undefined;
  /** `Status/ping` answers everybody (`open`, the default, because it is there to see whether somebody answers), or `needs-token`. */
  readonly ping?: 'open' | 'needs-token' | undefined;
  /** A hub handshake of another version than 1 or 2: `closed` without a word after two seconds (the default, as one client met it) or `taken`. */
  readonly otherVersions?: 'closed' | 'taken' | undefined;
  /** A step of the price that changes no price: a quote with only the volume (true, the default), or none. */
  readonly volumeQuotes?: boolean | undefined;
}
