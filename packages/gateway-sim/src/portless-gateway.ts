import { LoginDesk } from './auth/login-desk.ts';
import { TokenDesk } from './auth/token-desk.ts';
import type { EndingClock, GatewayClock } from './clock.ts';
import { endingClock } from './clock.ts';
import { FaultBook } from './faults/fault-book.ts';
import type { GatewayAccount, GatewayOptions, GatewayUser } from './gateway-options.ts';
import type { GatewayLog } from './http/gateway-log.ts';
import { guardedGatewayLog } from './http/guarded-gateway-log.ts';
import type { RateLimiters } from './http/rate-limiters.ts';
import { createRateLimiters } from './http/rate-limiters.ts';
import { createRequestHandler } from './http/request-handler.ts';
import type { SimRoutes } from './http/sim-routes.ts';
import { createSimRoutes } from './http/sim-routes.ts';
import { traceIds } from './http/trace-ids.ts';
import { HubServer } from './hubs/hub-server.ts';
import type { VenueRules } from './options/venue-rules.ts';
import { venueRules } from './options/venue-rules.ts';
import { PresentVenue } from './present-venue.ts';
import type { Truth } from './truth.ts';
import { truthOf } from './truth.ts';

export interface PortlessGatewayParts {
  readonly options: GatewayOptions;
  readonly users: readonly GatewayUser[];
  readonly accounts: readonly GatewayAccount[];
  readonly clock: GatewayClock;
  /** Called after fault rules came or went. */
  readonly faultsChanged: () => void;
}

type RequestHandler = ReturnType<typeof createRequestHandler>;

/** Known to fault rules beside the REST side's own. */
const hubEndpoints = ['hubs/user', 'hubs/market', 'hubs/user/negotiate', 'hubs/market/negotiate'];
const dayMs = 24 * 60 * 60 * 1000;

/** All of a gateway but its ports: the venue, its hubs, what goes wrong, and what answers requests. */
export class PortlessGateway {
  /** What is due behind a close would write to a state file that is closed: these end with the gateway. */
  readonly timers: EndingClock;
  readonly present: PresentVenue;
  readonly faults: FaultBook;
  readonly hubs: HubServer;
  readonly sim: SimRoutes;
  readonly handler: RequestHandler;
  readonly #options: GatewayOptions;
  readonly #tokens: TokenDesk;
  #limiters: RateLimiters;

  constructor(parts: PortlessGatewayParts) {
    const { options, users, accounts, clock } = parts;
    const log = options.log && guardedGatewayLog(options.log);
    const rules = venueRules(options);
    const tokens = new TokenDesk(options.tokenLifetimeMs ?? dayMs, rules.opaqueTokens);
    const logins = new LoginDesk(users, options.apps ?? []);
    this.#options = options;
    this.#tokens = tokens;
    this.timers = endingClock(clock);
    const auth = { tokens, logins, options: options.auth ?? {} };
    this.present = new PresentVenue({ options, rules, accounts, auth, clock });
    this.faults = new FaultBook(options.seed ?? 1, this.#endpoints(), parts.faultsChanged);
    this.#armGivenFaults();
    this.#limiters = createRateLimiters(options.rateLimit);
    this.hubs = new HubServer({
      clock: this.timers,
      tokens,
      faults: this.faults,
      rules: rules.hub,
      keepAliveMs: options.hubKeepAliveMs ?? 15_000,
      tokenEnd: options.hubTokenEnd ?? 'ignored',
      log,
    });
    this.#attachHubs();
    this.sim = this.#createSim(clock);
    this.handler = this.#createHandler(rules, log);
  }

  truth(): Truth {
    return truthOf(this.present.venue.exchange);
  }

  /** Of one user, or of all. */
  revokeTokens(userName?: string): void {
    this.#tokens.revokeAll(userName);
    this.hubs.checkTokens();
  }

  /** Begins anew, as `Gateway` has it. */
  reset(seed?: number): void {
    this.present.reset(seed);
    this.#attachHubs();
    this.#limiters = createRateLimiters(this.#options.rateLimit);
    this.faults.clear();
    this.#armGivenFaults();
  }

  #armGivenFaults(): void {
    this.#options.faults?.forEach((rule) => this.faults.add(rule));
  }

  #attachHubs(): void {
    const { exchange, eventDraws } = this.present.venue;
    this.hubs.attach(exchange, eventDraws);
  }

  /** What a fault rule can name. */
  #endpoints(): string[] {
    const paths = [...this.present.venue.routes.values()].map(({ path }) => path);
    return [...paths, 'Status/ping', ...hubEndpoints];
  }

  #createSim(clock: GatewayClock): SimRoutes {
    const { simPort = 'same' } = this.#options;
    return createSimRoutes({
      clock,
      truth: () => this.truth(),
      reset: (seed) => this.reset(seed),
      revokeTokens: (userName) => this.revokeTokens(userName),
      rollContract: (product) => this.present.roll(product),
      faults: this.faults,
      ownPort: simPort !== 'same',
    });
  }

  #createHandler(rules: VenueRules, log: GatewayLog | undefined): RequestHandler {
    const { simPort = 'same', rateLimit } = this.#options;
    return createRequestHandler({
      clock: this.timers,
      tokens: this.#tokens,
      faults: this.faults,
      route: (path) => this.present.venue.routes.get(path) ?? this.hubs.route(path),
      limiter: (bucket) => this.#limiters[bucket],
      retryAfter: rateLimit?.retryAfter,
      rules: rules.handler,
      waits: () => this.present.venue,
      traceId: traceIds(),
      log,
      sim: simPort === 'same' ? this.sim : undefined,
    });
  }
}
