import type { Contract, MarketChannel, MarketEvidence } from '@hotpath/core';
import type { FedContract, PriceFeed } from '@hotpath/gateway-sim';

export interface QuoteFeedParts {
  readonly feed: PriceFeed;
  /** The venue's market. */
  watch(
    contract: Contract,
    channels: readonly MarketChannel[],
    listener: (item: MarketEvidence) => void,
  ): () => void;
}

/** Brings the venue's contracts and quotes to where the orders are: each contract that has, or may soon have, an order there. */
export class QuoteFeed {
  readonly #parts: QuoteFeedParts;
  /** As they were listed last, by id. */
  readonly #listed = new Map<string, Contract>();
  /** How to stop watching, by contract id. */
  readonly #watches = new Map<string, () => void>();
  /** Those of which a quote has come. */
  readonly #quoted = new Set<string>();
  /** Told of the first quote, by contract id. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(parts: QuoteFeedParts) {
    this.#parts = parts;
  }

  /** Lists a contract where the orders are. Does nothing for one that is listed as it is. */
  list(contract: Contract): void {
    if (this.#listed.get(contract.id) === contract) return;
    this.#listed.set(contract.id, contract);
    this.#parts.feed.list([asRow(contract)]);
  }

  /** Watches a contract's quotes from here on. Does nothing the second time. */
  follow(contract: Contract): void {
    if (this.#watches.has(contract.id)) return;
    this.list(contract);
    this.#watches.set(
      contract.id,
      this.#parts.watch(contract, ['quotes'], (item) => this.#take(item)),
    );
  }

  /** Follows a contract; resolves with its first quote. */
  first(contract: Contract): Promise<void> {
    this.follow(contract);
    if (this.#quoted.has(contract.id)) return Promise.resolve();
    return new Promise((resolve) =>
      this.#waiting.set(contract.id, [...(this.#waiting.get(contract.id) ?? []), resolve]),
    );
  }

  close(): void {
    for (const stop of this.#watches.values()) stop();
    this.#watches.clear();
  }

  #take(item: MarketEvidence): void {
    const { feed } = this.#parts;
    // safeguard: quotes of before a gap fill nothing on paper
    if (item.of === 'gap') feed.lapse(item.contractId);
    if (item.of !== 'quote') return;
    const { contractId, bid, ask, last } = item.quote;
    // The venue names a price when it has changed: until each of the three was named once, there is no quote.
    if (bid === undefined || ask === undefined || last === undefined) return;
    feed.quote(contractId, { bid, ask, last });
    this.#quoted.add(contractId);
    for (const resolve of this.#waiting.get(contractId) ?? []) resolve();
    this.#waiting.delete(contractId);
  }
}

function asRow({ id, name, description, tickSize, tickValue, active }: Contract): FedContract {
  return { id, name, description, tickSize, tickValue, activeContract: active };
}
