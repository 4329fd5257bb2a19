import type {
  AccountId,
  AdapterContext,
  Contract,
  ContractId,
  Evidence,
  MarketChannel,
  MarketEvidence,
  OrderId,
} from '@hotpath/core';
import type { HeldHubs } from './hubs/login-hubs.ts';
import type { UserHubListener } from './hubs/user-hub.ts';
import type { LoginParts } from './login-parts.ts';

/** One account's part in the hubs of its login. A hub connects when something of it is wanted first. */
export class AccountStreams {
  readonly #hubs: HeldHubs;
  readonly #listener: UserHubListener;
  /** Watches whose market has a gap. */
  readonly #gapped = new Set<object>();
  /** How to end each watch. */
  readonly #stops = new Set<() => void>();
  #toldMarketLive = false;

  constructor(
    { session, hubs }: LoginParts,
    { rtcUrl, tls }: { readonly rtcUrl: URL; readonly tls: { readonly ca?: string | undefined } },
    { clock, random, log }: AdapterContext,
    accountId: AccountId,
    evidence: (item: Evidence) => void,
  ) {
    this.#hubs = hubs.hold(rtcUrl, {
      ca: tls.ca,
      clock,
      random,
      log,
      token: () => session.token(),
      doubtToken: () => void session.verify(),
    });
    this.#listener = { accountId, evidence };
  }

  /** Begins the order stream. */
  openUser(): void {
    this.#hubs.user.add(this.#listener);
  }

  /** The venue accepted this order: its stream must say so, too. */
  expectOrder(orderId: OrderId): void {
    this.#hubs.user.expectOrder(this.#listener, orderId);
  }

  watch(
    contract: Contract,
    channels: readonly MarketChannel[],
    listener: (item: MarketEvidence) => void,
  ): () => void {
    const watch = {};
    const stop = this.#hubs.market.watch(contract, channels, (item) => {
      this.#follow(watch, item);
      listener(item);
    });
    const end = (): void => {
      stop();
      this.#gapped.delete(watch);
      this.#stops.delete(end);
    };
    this.#stops.add(end);
    return end;
  }

  lastPrice(contractId: ContractId, maxAgeMs: number): number | undefined {
    return this.#hubs.market.lastPrice(contractId, maxAgeMs);
  }

  close(): void {
    // Other accounts may go on with the same hubs.
    for (const stop of this.#stops) stop();
    this.#hubs.user.remove(this.#listener);
    this.#hubs.release();
  }

  /** The market stream as a whole is live when nothing that is watched has a gap. */
  #follow(watch: object, item: MarketEvidence): void {
    if (item.of === 'gap') {
      this.#gapped.add(watch);
      if (this.#gapped.size === 1)
        this.#listener.evidence({
          of: 'stream-gap',
          stream: 'market',
          at: item.at,
          because: item.because,
        });
    } else if (item.of === 'live') {
      const hadGap = this.#gapped.delete(watch);
      if (this.#gapped.size > 0 || (this.#toldMarketLive && !hadGap)) return;
      this.#toldMarketLive = true;
      this.#listener.evidence({ of: 'stream-live', stream: 'market', at: item.at });
    }
  }
}
