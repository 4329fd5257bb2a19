import type { GatewayClock } from './clock.ts';
import type { AccountRestriction } from './exchange/account-book.ts';
import type { BracketMode } from './exchange/brackets.ts';
import type { Replay } from './exchange/replay.ts';
import type { FeedOptions } from './feed/feed-options.ts';
import type { FaultRule } from './faults/fault.ts';
import type { GatewayLogEntry } from './http/gateway-log.ts';
import type { RateWindow } from './http/rate-limiter.ts';
import type { ProductCosts } from './instruments/products.ts';
import type { GatewayDifference } from './options/differences.ts';
import type { EventOptions } from './options/event-options.ts';
import type { LatencyOptions } from './options/latency-options.ts';
import type { MatchingOptions } from './options/matching-options.ts';
import type { Unknowns } from './options/unknowns.ts';

/** A user of the gateway, as for `Auth/loginKey`. */
export interface GatewayUser {
  readonly userName: string;
  readonly apiKey: string;
  /** For `Auth/loginApp`. Default: none, so that every password is wrong. */
  readonly password?: string | undefined;
  /** Answers a login with the right key or password with this code: 7 AgreementsNotSigned (its text: `Please log into the ProjectX platform and complete the required agreements`), 8 UnknownError, 9 ApiSubscriptionNotFound, 10 ApiKeyAuthenticationDisabled. */
  readonly loginRefusal?:
    | { readonly errorCode: number; readonly errorMessage?: string | null | undefined }
    | undefined;
}

/** A third-party application, as for `Auth/loginApp`. */
export interface GatewayApp {
  readonly appId: string;
  readonly verifyKey: string;
  /** Devices it may log in from. Default: any. */
  readonly deviceIds?: readonly string[] | undefined;
}

/** How sessions behave where the live gateway's way is not known. */
export interface AuthOptions {
  /** Whether `Auth/validate` ends the token it replaces. Default false: it lives to its own end (inferred from a second login doing so). */
  readonly validateKillsOldToken?: boolean | undefined;
  /** What `Auth/logout` ends. Default `this-token`. */
  readonly logoutEnds?: 'this-token' | 'all-tokens' | undefined;
  /** How validate and logout refuse a token that is not good: HTTP `401` (the default), or codes 1 to 3 in the `envelope`. */
  readonly badTokenOnValidate?: '401' | 'envelope' | undefined;
}

/** An account of the simulated gateway. */
export interface GatewayAccount {
  readonly id: number;
  /** The prefix tells the kind on the live gateway: `PRAC-V2-…` practice, `50KTC-V2-…` combine, `EXPRESS-…` funded. */
  readonly name: string;
  /** Money at the start. Default 50,000. */
  readonly balance?: number | undefined;
  /** Default true. */
  readonly canTrade?: boolean | undefined;
  /** Default true, as for practice and combine accounts alike. */
  readonly simulated?: boolean | undefined;
  /** Default `position`, the live default, in which bracket objects are refused; `auto-oco` takes them. What Position Brackets themselves place is set in the platform and left out here. */
  readonly bracketMode?: BracketMode | undefined;
  /** Money each contract takes; an order beyond the balance is refused as `Not enough margin.` Default 0: none. */
  readonly marginPerContract?: number | undefined;
  /**
   * What is refused beside the usual. `violation`: every order, with code 4. `follower`: cancels, with code 6 and its text. `live`: cancels likewise, and partial closes with code 9
   * (ProjectX documentation, 2026). Default: nothing.
   */
  readonly restriction?: AccountRestriction | undefined;
}

/** The two buckets of the gateway, and what it says of them. */
export interface RateLimits {
  readonly everythingElse?: RateWindow | 'off' | undefined;
  readonly bars?: RateWindow | 'off' | undefined;
  /** How a 429 says when to come again, in `Retry-After`. Default: not at all (what the live gateway does is not known). */
  readonly retryAfter?: 'seconds' | 'date' | undefined;
}

/** What `startGateway` takes. */
export interface GatewayOptions {
  /** Default 0: one that is free. */
  readonly port?: number | undefined;
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Sets every price there will be. Default 1. */
  readonly seed?: number | undefined;
  /** Default: one user, `demo` with the key `demo-key`. */
  readonly users?: readonly GatewayUser[] | undefined;
  /** Applications that may use `Auth/loginApp`. Default: none. */
  readonly apps?: readonly GatewayApp[] | undefined;
  /** Sessions, where the live gateway's way is not known. */
  readonly auth?: AuthOptions | undefined;
  /** Default: a practice account, a combine account, and one that cannot trade. */
  readonly accounts?: readonly GatewayAccount[] | undefined;
  /** Requests of a user in each bucket; `off` for no limit. Default 200 in 60 s, and 50 in 30 s for bars (ProjectX documentation). */
  readonly rateLimit?: RateLimits | undefined;
  /** Milliseconds a token is valid. Default a day (ProjectX documentation). */
  readonly tokenLifetimeMs?: number | undefined;
  /** Milliseconds between price steps. Default 250; 0 keeps prices still but for `stepPrices()`. */
  readonly priceStepMs?: number | undefined;
  /** Milliseconds an idle connection is kept. Default 65,000 (what the live gateway does is not known). */
  readonly keepAliveTimeoutMs?: number | undefined;
  /** HTTPS (and WSS): `true` makes a certificate for this run, to be trusted through `gateway.certificate`; or give one, in PEM form. Default: plain HTTP. A `simPort` of its own is plain HTTP always. */
  readonly tls?: true | { readonly key: string; readonly cert: string } | undefined;
  /** What goes wrong from the start. More can be added while the gateway runs. Default: nothing. */
  readonly faults?: readonly FaultRule[] | undefined;
  /** Where `/sim/…` is served: `same` for the gateway's own port (the default), `off`, or a port of its own (0: one that is free). */
  readonly simPort?: number | 'same' | 'off' | undefined;
  /** Default: the system's time. `manualGatewayClock()` stands still until moved. */
  readonly clock?: GatewayClock | undefined;
  /** Most contracts of an order that trade at one price step, the rest at the next. Default 0: no limit, orders fill whole (how the live venue fills in part is not known). */
  readonly largestFill?: number | undefined;
  /** How long the venue takes. Default: nothing takes time. */
  readonly latency?: LatencyOptions | undefined;
  /** How orders fill. Default: whole and at the best price. */
  readonly matching?: MatchingOptions | undefined;
  /** In which order user events come, and which are repeated or lost. Default: as recorded, none lost. */
  readonly events?: EventOptions | undefined;
  /** What nobody has seen of the live gateway; each default is the way that is harder on a client. */
  readonly unknowns?: Unknowns | undefined;
  /** Ways in which to be unlike the gateway, for tools that look for them. Default: none. */
  readonly differences?: readonly GatewayDifference[] | undefined;
  /** Money of one contract and side, by the product's name. Default: as recorded where it was, otherwise taken after what is most like it. */
  readonly fees?: Readonly<Record<string, ProductCosts>> | undefined;
  /** Milliseconds from an entry's fill until its bracket legs work. Default 25 (20 to 30 were recorded); 0 for at once. */
  readonly bracketActivationMs?: number | undefined;
  /** Whether `Position/closeContract` also cancels the contract's resting orders. Default false: several clients had to cancel them themselves. */
  readonly closeCancelsOrders?: boolean | undefined;
  /** Trading hours: `always` (the default, so that tests at any hour work), or `topstep`, which refuses orders from 15:10 to 17:00 in Chicago and at weekends. */
  readonly session?: 'always' | 'topstep' | undefined;
  /** Whether the venue cancels orders and closes positions from 15:08 in Chicago, with the next price step. Needs `session: 'topstep'`. Default false. */
  readonly autoFlatten?: boolean | undefined;
  /** How many final orders, how many fills of each account, and how many seconds with a price of each contract stay in memory, and with them in searches, bars and the truth. Tags stay unique regardless. Default 0: all. */
  readonly keepHistory?: number | undefined;
  /** Whether tags that differ only in case are one. Default `ignored`: they are (several clients compare so; the venue's own rule is not known). */
  readonly tagCase?: 'ignored' | 'counts' | undefined;
  /** A file in which orders, fills and with them tags, ids, positions and balances survive a restart. It is made when it is not there. Prices and tokens begin anew. Default: nothing survives. */
  readonly stateFile?: string | undefined;
  /** Contracts, by id or by the product's name, in which no trailing stop can be placed: without a last price, or unknown to the trailing engine. Default: none. */
  readonly trailingRefusals?:
    | Readonly<Record<string, 'no-last-price' | 'unknown-symbol'>>
    | undefined;
  /** Prices to play instead of the seeded walk, by contract id, or by the product's name (`MNQ`). One row is one price step (four for a bar); the last price stays. */
  readonly replay?: Readonly<Record<string, Replay>> | undefined;
  /** Contracts and quotes come from outside, through `gateway.feed`, and orders fill on those quotes alone. There are no bars from before the start then, and no seeded prices. Default: the simulator's own. */
  readonly feed?: FeedOptions | undefined;
  /** Trading days of bars there are from before the start. Default 10. */
  readonly historyDays?: number | undefined;
  /** Events of the user hub: `wrapped` as `{action, data}` (the default, recorded in 2026) or `flat` as documented. */
  readonly hubPayloads?: 'wrapped' | 'flat' | undefined;
  /**
   * What a hub connection does when its token ends, by expiry or by revocation: nothing (the default), say `GatewayLogout` (seen by one client), or close.
   * An expiry is noticed with the next ping. What the live gateway does is not known.
   */
  readonly hubTokenEnd?: 'ignored' | 'logout-event' | 'closed' | undefined;
  /** Told of every request and hub connection, once it has ended. Holds no token and no key. Default: nobody. */
  readonly log?: ((entry: GatewayLogEntry) => void) | undefined;
  /** Milliseconds between a hub's pings. Default 15,000, SignalR's own; 0 for none. */
  readonly hubKeepAliveMs?: number | undefined;
}
