import type { EndingClock, GatewayClock } from './clock.ts';
import { endingClock } from './clock.ts';
import { Feed } from './feed/feed.ts';
import type { GatewayAccount, GatewayOptions } from './gateway-options.ts';
import type { AuthParts } from './http/auth-routes.ts';
import { productOfName } from './instruments/contracts.ts';
import type { VenueRules } from './options/venue-rules.ts';
import { StateFile } from './state/state-file.ts';
import type { Venue } from './venue.ts';
import { createVenue } from './venue.ts';

export interface PresentVenueParts {
  readonly options: GatewayOptions;
  readonly rules: VenueRules;
  readonly accounts: readonly GatewayAccount[];
  readonly auth: AuthParts;
  readonly clock: GatewayClock;
}

/** The venue as the last reset has left it, and what outlives a reset: its feed and the file that holds its state. */
export class PresentVenue {
  readonly feed: Feed | undefined;
  readonly #parts: PresentVenueParts;
  readonly #stateFile: StateFile | undefined;
  /** What is due behind a reset would write to the state file of another venue. */
  #timers: EndingClock | undefined;
  #venue: Venue;

  constructor(parts: PresentVenueParts) {
    const { stateFile, feed } = parts.options;
    this.#parts = parts;
    this.#stateFile =
      stateFile === undefined ? undefined : new StateFile(stateFile, feed !== undefined);
    this.feed = feed && new Feed(feed);
    this.#venue = this.#open();
  }

  get venue(): Venue {
    return this.#venue;
  }

  #open(seed?: number): Venue {
    const { options, rules, accounts, auth, clock } = this.#parts;
    this.#timers?.end();
    this.#timers = endingClock(clock);
    const opened = createVenue(
      { ...options, clock: this.#timers, ...(seed !== undefined && { seed }) },
      rules,
      accounts,
      auth,
      clock.now(),
      this.feed,
    );
    this.feed?.attach(opened, this.#timers, this.#stateFile?.contracts ?? []);
    this.#stateFile?.attach(opened.exchange, opened.contracts, clock.now());
    this.feed?.wantHeld();
    return opened;
  }

  /** Forgets all that happened, and begins anew: with another seed, if one is given. */
  reset(seed?: number): void {
    this.#stateFile?.clear();
    this.#venue = this.#open(seed);
  }

  stepPrices(): void {
    this.#venue.exchange.stepPrices(this.#parts.clock.now());
  }

  /** Makes the next month of the product of this name the front one, and gives the new contract's id; undefined for no such product. */
  roll(name: string): string | undefined {
    const product = productOfName(name);
    return product && this.#venue.roll(product, this.#parts.clock.now())[0];
  }

  /** Does what the time of day asks for: the end of a trading day, and new front months. */
  keepTime(): void {
    const { clock } = this.#parts;
    this.#venue.exchange.flattenWhenDue(clock.now());
    this.#venue.roll(undefined, clock.now());
  }

  /** Lets nothing happen any more that is due later. */
  endTimers(): void {
    this.#timers?.end();
  }

  closeStateFile(): void {
    this.#stateFile?.close();
  }
}
