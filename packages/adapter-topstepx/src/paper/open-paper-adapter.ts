import { randomBytes } from 'node:crypto';
import type { Clock } from '@hotpath/core';
import { AdapterError } from '@hotpath/core';
import type { GatewayOptions } from '@hotpath/gateway-sim';
import { TopstepxAdapter } from '../topstepx-adapter.ts';
import { TopstepxLogin } from '../topstepx-login.ts';
import type { CheckedTopstepxOptions } from '../topstepx-options.ts';
import type { Simulator } from './load-simulator.ts';
import { loadSimulator } from './load-simulator.ts';
import { MarketHost } from './market-host.ts';
import { paperAccountOf } from './paper-account.ts';
import { PaperAdapter } from './paper-adapter.ts';
import { paperClock } from './paper-clock.ts';

/** Starts the simulator inside this process, on loopback and with a key that nobody else has, and puts an adapter for its orders beside one for the venue's market. */
export async function openPaperAdapter(
  options: CheckedTopstepxOptions,
  login: TopstepxLogin,
  clock: Clock,
  load?: () => Promise<Simulator>,
): Promise<PaperAdapter> {
  const { startGateway } = await loadSimulator(load);
  const origin = options.baseUrl.origin;
  const account = paperAccountOf(origin, options.account);
  const user = { userName: 'paper', apiKey: randomBytes(24).toString('hex') };
  // The simulator asks for quotes from its start on, which is before there is anybody to bring them.
  const asked = {
    wanted: (_contractId: string): void => {},
    unpriced: (_contractId: string): void => {},
    early: new Set<string>(),
  };
  asked.wanted = (contractId) => void asked.early.add(contractId);
  const gateway = await startGateway({
    ...gatewayOptions(options),
    clock: paperClock(clock),
    users: [user],
    accounts: [
      { ...account, balance: options.paper.balance, bracketMode: options.paper.bracketMode },
    ],
    feed: {
      quoteMaxAgeMs: options.paper.quoteMaxAgeMs,
      quoteWaitMs: options.paper.quoteWaitMs,
      wanted: (contractId) => asked.wanted(contractId),
      unpriced: (contractId) => asked.unpriced(contractId),
    },
  });
  const { feed } = gateway;
  if (!feed) {
    await gateway.close();
    throw new AdapterError(
      'PACKAGE_MISSING',
      "mode: 'paper' needs a newer @hotpath/gateway-sim: the one that is installed takes no quotes from outside.",
    );
  }
  const market = new TopstepxAdapter(options, login, clock);
  const url = new URL(gateway.url);
  const orders = new TopstepxAdapter(
    {
      ...options,
      login: undefined,
      account: String(account.id),
      baseUrl: url,
      rtcUrl: url,
      tls: {},
    },
    new TopstepxLogin(user.userName, user.apiKey),
    clock,
    (contract) => market.lastPrice(contract),
  );
  const adapter = new PaperAdapter({
    origin,
    account,
    market,
    orders,
    host: new MarketHost(new URL(origin), options.tls.ca, clock),
    gateway: { feed, close: () => gateway.close() },
    symbols: options.paper.symbols,
    quoteWaitMs: options.paper.quoteWaitMs,
  });
  asked.wanted = (contractId) => adapter.wanted(contractId);
  asked.unpriced = (contractId) => adapter.unpriced(contractId);
  for (const contractId of asked.early) adapter.wanted(contractId);
  return adapter;
}

function gatewayOptions({ paper, rateLimit }: CheckedTopstepxOptions): GatewayOptions {
  return {
    simPort: 'off',
    session: paper.session,
    autoFlatten: paper.session === 'topstep',
    stateFile: paper.stateFile,
    rateLimit: rateLimit === 'off' ? { everythingElse: 'off', bars: 'off' } : undefined,
  };
}
