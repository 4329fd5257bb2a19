import type { Contract } from '../contract.ts';
import type { Depth, MarketChannel, MarketEvidence, Quote } from '../market-data.ts';

/** What `subscribe` may ask for. */
export interface SubscribeRequest {
  /** A root, a contract name or a contract id. A root means the front contract at the call; `contract.rolled` says when there is another. */
  readonly symbol: string;
  /** Default: quotes. */
  readonly channels?: readonly MarketChannel[] | undefined;
}

/** Called at each thing the market stream brings. One that throws is logged and harms nothing. */
export type MarketListener = (item: MarketEvidence) => void;

/**
 * A contract's market. Iterating over it gives each thing as it comes; what is not taken in time is merged: of quotes and books only the newest is kept, of trades the last 1,000 (`dropped` counts the rest).
 * A loop over it ends when it is closed.
 */
export interface Subscription extends AsyncIterable<MarketEvidence> {
  readonly contract: Contract;
  /** The newest prices; undefined before the first. `asOf` says how old they are. */
  readonly quote: Quote | undefined;
  /** The newest book; undefined before the first. */
  readonly depth: Depth | undefined;
  /** False until the stream is subscribed, and in a gap: then `quote` and `depth` are what they were before it. */
  readonly isLive: boolean;
  /** Trades that were not taken in time. */
  readonly dropped: number;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
