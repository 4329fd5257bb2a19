import { createServer } from 'node:http';
import type { GatewayClock } from './clock.ts';
import { systemGatewayClock } from './clock.ts';
import type { PriceFeed } from './feed/feed-options.ts';
import type { GatewayFaults } from './faults/fault-book.ts';
import { FaultPort } from './faults/fault-port.ts';
import { checkGatewayOptions } from './gateway-config.ts';
import type { GatewayAccount, GatewayOptions, GatewayUser } from './gateway-options.ts';
import { listen, stopListening, urlOf } from './http/listen.ts';
import { certificateOf, createGatewayServer } from './http/gateway-server.ts';
import { createSimHandler } from './http/request-handler.ts';
import { PortlessGateway } from './portless-gateway.ts';
import type { Truth } from './truth.ts';

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

/** Starts a ProjectX Gateway on loopback. Rejects when the port is taken, and with a `TypeError` that names each option that is wrong or that there is not. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  checkGatewayOptions(options);
  const {
    host = '127.0.0.1',
    users = defaultUsers,
    accounts = defaultAccounts,
    clock = systemGatewayClock,
    simPort = 'same',
    priceStepMs = 250,
  } = options;
  let faultPort: FaultPort | undefined;
  const faultsChanged = (): void => faultPort?.follow();
  const inside = new PortlessGateway({ options, users, accounts, clock, faultsChanged });
  const { timers, present, faults, hubs } = inside;
  const certificate = await certificateOf(options, host);
  const server = createGatewayServer(options, certificate, inside.handler);
  hubs.listenOn(server);
  const simServer =
    typeof simPort === 'number' ? createServer(createSimHandler(inside.sim, clock)) : undefined;
  faultPort = new FaultPort(server, timers, faults);
  const end = async (): Promise<void> => {
    // safeguard: nothing is due behind a close
    timers.end();
    present.endTimers();
    // end of safeguard
    present.feed?.close();
    hubs.close();
    faultPort?.closed();
    await Promise.all([server, ...(simServer ? [simServer] : [])].map(stopListening));
    present.closeStateFile();
  };
  let ending: Promise<void> | undefined;
  const close = (): Promise<void> => (ending ??= end());
  const scheme = certificate ? 'https' : 'http';
  let ownPort: number;
  let simUrl: string | undefined;
  try {
    ownPort = await listen(server, options.port ?? 0, host);
    if (simPort === 'same') simUrl = urlOf(scheme, host, ownPort);
    if (simServer && typeof simPort === 'number')
      simUrl = urlOf('http', host, await listen(simServer, simPort, host));
  } catch (error) {
    await close();
    throw error;
  }
  faultPort.opened(ownPort, host);
  if (priceStepMs > 0) timers.every(priceStepMs, () => present.stepPrices());
  // By the minute is soon enough for the end of a trading day and for a new front month.
  timers.every(60_000, () => present.keepTime());
  return {
    url: urlOf(scheme, host, ownPort),
    port: ownPort,
    certificate: certificate?.ca,
    simUrl,
    clock,
    users,
    accounts,
    faults,
    feed: present.feed,
    ...actionsOf(inside),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What a test asks of a gateway while it runs. */
function actionsOf(
  inside: PortlessGateway,
): Pick<Gateway, 'truth' | 'rollContract' | 'stepPrices' | 'dropHubs' | 'revokeTokens' | 'reset'> {
  return {
    truth: () => inside.truth(),
    rollContract(product) {
      const contractId = inside.present.roll(product);
      if (contractId === undefined)
        throw new TypeError(`product is "${product}", must be the name of one such as MNQ`);
      return contractId;
    },
    stepPrices: () => inside.present.stepPrices(),
    dropHubs: (hub) => inside.hubs.drop(hub),
    revokeTokens: (userName) => inside.revokeTokens(userName),
    reset: (seed) => inside.reset(seed),
  };
}
