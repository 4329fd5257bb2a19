import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TokenDesk } from './auth/token-desk.ts';
import { systemGatewayClock } from './clock.ts';
import type { AccountSettings } from './exchange/account-book.ts';
import { Exchange } from './exchange/exchange.ts';
import type { GatewayAccount, GatewayOptions, GatewayUser } from './gateway-options.ts';
import type { RateWindow } from './http/rate-limiter.ts';
import { RateLimiter } from './http/rate-limiter.ts';
import type { Reply } from './http/reply.ts';
import { createRequestHandler } from './http/request-handler.ts';
import { createRoutes } from './http/routes.ts';
import { contractsAt } from './instruments/contracts.ts';
import type { Truth } from './truth.ts';
import { truthOf } from './truth.ts';

/** A running gateway. */
export interface Gateway {
  /** `http://127.0.0.1:PORT`, for the adapter's `baseUrl`. */
  readonly url: string;
  readonly port: number;
  readonly users: readonly GatewayUser[];
  readonly accounts: readonly GatewayAccount[];
  /** What really happened; also `GET /sim/truth`. */
  truth(): Truth;
  /** Moves every price one step, and fills what that reaches. */
  stepPrices(): void;
  /** Makes every token invalid, as when the venue ends all sessions. */
  revokeTokens(): void;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const defaultUsers: readonly GatewayUser[] = [{ userName: 'demo', apiKey: 'demo-key' }];
const defaultAccounts: readonly GatewayAccount[] = [
  { id: 700_001, name: 'PRAC-V2-1001' },
  { id: 700_002, name: '50KTC-V2-1002' },
  { id: 700_003, name: 'PRAC-V2-1003-LOCKED', canTrade: false },
];
const documentedLimits = { everythingElse: { requests: 200, windowMs: 60_000 }, bars: { requests: 50, windowMs: 30_000 } };
const dayMs = 24 * 60 * 60 * 1000;

/** Starts a ProjectX Gateway on loopback. Rejects when the port is taken. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const { host = '127.0.0.1', port = 0, seed = 1, users = defaultUsers, accounts = defaultAccounts, clock = systemGatewayClock } = options;
  const contracts = contractsAt(clock.now());
  const exchange = new Exchange(seed, contracts, accounts.map(settingsOf));
  const tokens = new TokenDesk(users, options.tokenLifetimeMs ?? dayMs);
  const truthReply = (): Reply => ({ status: 200, body: JSON.stringify(truthOf(exchange)) });
  const handler = createRequestHandler({
    clock,
    tokens,
    routes: createRoutes({ exchange, contracts, tokens }),
    limiters: {
      'everything-else': limiter(options.rateLimit?.everythingElse, documentedLimits.everythingElse),
      bars: limiter(options.rateLimit?.bars, documentedLimits.bars),
    },
    sim: (method, path) => (method === 'GET' && path === '/sim/truth' ? truthReply() : undefined),
  });
  const server = createServer({ keepAliveTimeout: options.keepAliveTimeoutMs ?? 65_000, noDelay: true }, handler);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const stepPrices = (): void => exchange.stepPrices(clock.now());
  const { priceStepMs = 250 } = options;
  const walking = priceStepMs > 0 ? clock.every(priceStepMs, stepPrices) : undefined;

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      walking?.cancel();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://${host}:${address.port}`,
    port: address.port,
    users,
    accounts,
    truth: () => truthOf(exchange),
    stepPrices,
    revokeTokens: () => tokens.revokeAll(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function settingsOf({ id, name, balance = 50_000, canTrade = true, simulated = true }: GatewayAccount): AccountSettings {
  return { id, name, balance, canTrade, simulated };
}

function limiter(chosen: RateWindow | 'off' | undefined, documented: RateWindow): RateLimiter | undefined {
  return chosen === 'off' ? undefined : new RateLimiter(chosen ?? documented);
}
