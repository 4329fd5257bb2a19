import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { LoginDesk } from './auth/login-desk.ts';
import { TokenDesk } from './auth/token-desk.ts';
import type { EndingClock, GatewayClock } from './clock.ts';
import { endingClock, systemGatewayClock } from './clock.ts';
import { Feed } from './feed/feed.ts';
import type { PriceFeed } from './feed/feed-options.ts';
import type { GatewayFaults } from './faults/fault-book.ts';
import { FaultBook } from './faults/fault-book.ts';
import { FaultPort } from './faults/fault-port.ts';
import { checkGatewayOptions } from './gateway-config.ts';
import type { GatewayAccount, GatewayOptions, GatewayUser } from './gateway-options.ts';
import { listen, stopListening, urlOf } from './http/listen.ts';
import { guardedGatewayLog } from './http/guarded-gateway-log.ts';
import { makeCertificate } from './http/gateway-certificate.ts';
import type { RateWindow } from './http/rate-limiter.ts';
import { RateLimiter } from './http/rate-limiter.ts';
import { watchTls } from './http/reset-connection.ts';
import { createRequestHandler, createSimHandler } from './http/request-handler.ts';
import type { Route } from './http/route.ts';
import { createSimRoutes } from './http/sim-routes.ts';
import { HubServer } from './hubs/hub-server.ts';
import { productOfName } from './instruments/contracts.ts';
import { venueRules } from './options/venue-rules.ts';
import { StateFile } from './state/state-file.ts';
import type { Truth } from './truth.ts';
import { truthOf } from './truth.ts';
import type { Venue } from './venue.ts';
import { createVenue } from './venue.ts';

/** A running gateway. */
export interface Gateway {
  /** `http://127.0.0.1:PORT`, or `https://…` with `tls`. */
  readonly url: string;
  readonly port: number;
  /** With `tls`: what clients have to trust, in PEM form. The made one is new with every start. */
  readonly certificate: string | undefined;
  /** Where `/sim/…` is served, without a path; undefined when it is off. */
  readonly simUrl: string | undefined;
  /** What the gateway's time comes from. */
  readonly clock: GatewayClock;
  readonly users: readonly GatewayUser[];
  readonly accounts: readonly GatewayAccount[];
  /** With the `feed` option: where contracts and quotes come in. */
  readonly feed: PriceFeed | undefined;
  /** What really happened; also `GET /sim/truth`. */
  truth(): Truth;
  /** What goes wrong, and how often it has; also `/sim/faults`. */
  readonly faults: GatewayFaults;
  /** Makes a product's next month the front one, as `MNQ`; gives the new contract's id. Orders in the month before are refused with code 9, positions in it can be closed. Also `POST /sim/roll`. Throws for no such product. */
  rollContract(product: string): string;
  /** Moves every price one step, and fills what that reaches. */
  stepPrices(): void;
  /** Cuts every hub connection, or those of one hub, without a word. */
  dropHubs(hub?: 'user' | 'market'): void;
  /** Makes every token of a user invalid, or of all users, as when the venue ends sessions. Also `POST /sim/revoke`. */
  revokeTokens(userName?: string): void;
  /** Forgets orders, fills, positions and tags, and sets prices, balances, ids, rate limits and fault rules back to the start, with another seed if one is given. Tokens live on. Also `POST /sim/reset`. */
  reset(seed?: number): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const defaultUsers: readonly GatewayUser[] = [{ userName: 'demo', apiKey: 'demo-key' }];
const defaultAccounts: readonly GatewayAccount[] = [
  { id: 700_001, name: 'PRAC-V2-1001' },
  { id: 700_002, name: '50KTC-V2-1002' },
  { id: 700_003, name: 'PRAC-V2-1003-LOCKED', canTrade: false },
];
const documentedLimits = {
  everythingElse: { requests: 200, windowMs: 60_000 },
  bars: { requests: 50, windowMs: 30_000 },
};
/** Known to fault rules beside the REST side's own. */
const hubEndpoints = ['hubs/user', 'hubs/market', 'hubs/user/negotiate', 'hubs/market/negotiate'];
const dayMs = 24 * 60 * 60 * 1000;

/** Starts a ProjectX Gateway on loopback. Rejects when the port is taken, and with a `TypeError` that names each option that is wrong or that there is not. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  checkGatewayOptions(options);
  const log = options.log && guardedGatewayLog(options.log);
  const {
    host = '127.0.0.1',
    port = 0,
    simPort = 'same',
    users = defaultUsers,
    accounts = defaultAccounts,
    clock = systemGatewayClock,
    priceStepMs = 250,
  } = options;
  const rules = venueRules(options);
  const tokens = new TokenDesk(options.tokenLifetimeMs ?? dayMs, rules.opaqueTokens);
  const auth = {
    tokens,
    logins: new LoginDesk(users, options.apps ?? []),
    options: options.auth ?? {},
  };
  const stateFile =
    options.stateFile === undefined
      ? undefined
      : new StateFile(options.stateFile, options.feed !== undefined);
  const feed = options.feed && new Feed(options.feed);
  // What is due behind a close would write to a state file that is closed, and behind a reset to that of another venue.
  const timers = endingClock(clock);
  let venueTimers: EndingClock | undefined;
  const openVenue = (seed?: number): Venue => {
    venueTimers?.end();
    venueTimers = endingClock(clock);
    const opened = createVenue(
      { ...options, clock: venueTimers, ...(seed !== undefined && { seed }) },
      rules,
      accounts,
      auth,
      clock.now(),
      feed,
    );
    feed?.attach(opened, venueTimers, stateFile?.contracts ?? []);
    stateFile?.attach(opened.exchange, opened.contracts, clock.now());
    feed?.wantHeld();
    return opened;
  };
  let venue = openVenue();
  const truth = (): Truth => truthOf(venue.exchange);
  const stepPrices = (): void => venue.exchange.stepPrices(clock.now());
  const revokeTokens = (userName?: string): void => {
    tokens.revokeAll(userName);
    hubs.checkTokens();
  };
  const roll = (name: string): string | undefined => {
    const product = productOfName(name);
    return product && venue.roll(product, clock.now())[0];
  };
  const endpoints = [
    ...[...venue.routes.values()].map(({ path }) => path),
    'Status/ping',
    ...hubEndpoints,
  ];
  const faults = new FaultBook(options.seed ?? 1, endpoints, () => faultPort?.follow());
  let faultPort: FaultPort | undefined;
  const armGivenFaults = (): void => options.faults?.forEach((rule) => faults.add(rule));
  armGivenFaults();
  let limiters = createLimiters(options);
  const hubs = new HubServer({
    clock: timers,
    tokens,
    faults,
    rules: rules.hub,
    keepAliveMs: options.hubKeepAliveMs ?? 15_000,
    tokenEnd: options.hubTokenEnd ?? 'ignored',
    log,
  });
  hubs.attach(venue.exchange, venue.eventDraws);
  const reset = (seed?: number): void => {
    stateFile?.clear();
    venue = openVenue(seed);
    hubs.attach(venue.exchange, venue.eventDraws);
    limiters = createLimiters(options);
    faults.clear();
    armGivenFaults();
  };
  const sim = createSimRoutes({
    clock,
    truth,
    reset,
    revokeTokens,
    rollContract: roll,
    faults,
    ownPort: simPort !== 'same',
  });
  const handler = createRequestHandler({
    clock: timers,
    tokens,
    faults,
    route: (path) => venue.routes.get(path) ?? hubs.route(path),
    limiter: (bucket) => limiters[bucket],
    retryAfter: options.rateLimit?.retryAfter,
    rules: rules.handler,
    waits: () => venue,
    traceId: traceIds(),
    log,
    sim: simPort === 'same' ? sim : undefined,
  });
  const certificate =
    options.tls === true
      ? await makeCertificate(host, systemGatewayClock.now())
      : options.tls && { ca: options.tls.cert, ...options.tls };
  const settings = { keepAliveTimeout: options.keepAliveTimeoutMs ?? 65_000, noDelay: true };
  const server = certificate
    ? createTlsServer(
        { ...settings, key: certificate.key, cert: certificate.cert, ALPNProtocols: ['http/1.1'] },
        handler,
      )
    : createServer(settings, handler);
  if (certificate) watchTls(server);
  hubs.listenOn(server);
  const servers = [server];
  faultPort = new FaultPort(server, timers, faults);
  const end = async (): Promise<void> => {
    // safeguard: nothing is due behind a close
    timers.end();
    venueTimers?.end();
    // end of safeguard
    feed?.close();
    hubs.close();
    faultPort?.closed();
    await Promise.all(servers.map(stopListening));
    stateFile?.close();
  };
  let ending: Promise<void> | undefined;
  const close = (): Promise<void> => (ending ??= end());
  const scheme = certificate ? 'https' : 'http';
  let ownPort: number;
  let simUrl: string | undefined;
  try {
    ownPort = await listen(server, port, host);
    if (simPort === 'same') simUrl = urlOf(scheme, host, ownPort);
    if (typeof simPort === 'number') {
      const simServer = createServer(createSimHandler(sim, clock));
      servers.push(simServer);
      simUrl = urlOf('http', host, await listen(simServer, simPort, host));
    }
  } catch (error) {
    await close();
    throw error;
  }
  faultPort.opened(ownPort, host);
  if (priceStepMs > 0) timers.every(priceStepMs, stepPrices);
  // By the minute is soon enough for the end of a trading day and for a new front month.
  timers.every(60_000, () => {
    venue.exchange.flattenWhenDue(clock.now());
    venue.roll(undefined, clock.now());
  });
  return {
    url: urlOf(scheme, host, ownPort),
    port: ownPort,
    certificate: certificate?.ca,
    simUrl,
    clock,
    users,
    accounts,
    truth,
    faults,
    feed,
    rollContract(product) {
      const contractId = roll(product);
      if (contractId === undefined)
        throw new TypeError(`product is "${product}", must be the name of one such as MNQ`);
      return contractId;
    },
    stepPrices,
    dropHubs: (hub) => hubs.drop(hub),
    revokeTokens,
    reset,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Names in the form of W3C traces, each another one. */
function traceIds(): () => string {
  let count = 0;
  return () =>
    `00-${(count += 1).toString(16).padStart(32, '0')}-${count.toString(16).padStart(16, '0')}-00`;
}

function createLimiters({
  rateLimit,
}: GatewayOptions): Record<Route['bucket'], RateLimiter | undefined> {
  return {
    'everything-else': limiter(rateLimit?.everythingElse, documentedLimits.everythingElse),
    bars: limiter(rateLimit?.bars, documentedLimits.bars),
  };
}

function limiter(
  chosen: RateWindow | 'off' | undefined,
  documented: RateWindow,
): RateLimiter | undefined {
  return chosen === 'off' ? undefined : new RateLimiter(chosen ?? documented);
}
