import type { Account } from '../account.ts';
import type { Adapter, AdapterContext, AdapterReads, Lane, Missing, Sought } from '../adapter.ts';
import type { AccountId, ContractId, OrderId } from '../brand.ts';
import type { Capabilities } from '../capabilities.ts';
import type { Contract } from '../contract.ts';
import { Authorization } from '../authorization.ts';
import type { Finding } from '../finding.ts';
import type { Intent } from '../intent.ts';
import type { Mutation, Operation } from '../operation.ts';
import type { Order } from '../order.ts';
import type { AdapterPlugin } from '../plugin.ts';
import type { Position } from '../position.ts';
import type { RequestTemplate } from '../request.ts';
import type { Trade } from '../trade.ts';
import type { Verdict } from '../verdict.ts';

/** What a scripted adapter does. */
export interface AdapterScript {
  /** Default: none. */
  readonly contracts?: readonly Contract[] | undefined;
  readonly capabilities?: Partial<Capabilities> | undefined;
  /** Default: `not-found`. */
  readonly find?: ((sought: Sought) => Finding | Promise<Finding>) | undefined;
  /** What connecting does. Default: it succeeds. */
  readonly connect?: ((context: AdapterContext) => Promise<void>) | undefined;
  /** Where the venue is. Default `http://127.0.0.1:1`. */
  readonly origin?: string | undefined;
  /** Overrides how answers are read. Default: the body is the verdict. */
  readonly decode?: ((operation: Mutation, body: unknown) => Verdict) | undefined;
  /** Default: none. */
  readonly positions?:
    | ((lane?: Lane) => readonly Position[] | Promise<readonly Position[]>)
    | undefined;
  /** Default: none. */
  readonly openOrders?: ((lane?: Lane) => readonly Order[] | Promise<readonly Order[]>) | undefined;
  /** Default: none. */
  readonly orders?: (() => readonly Order[]) | undefined;
  /** Default: none. */
  readonly trades?: (() => readonly Trade[]) | undefined;
  /** Whether it has an order stream; a test brings its events through `context.evidence`. Default `false`. */
  readonly streams?: boolean | undefined;
  /** Default: it shows no market. */
  readonly watchMarket?: Adapter['watchMarket'];
  /** Default: it has no bars. */
  readonly bars?: AdapterReads['bars'];
  /** Whether what a symbol stands for is in doubt. Default: it never says. */
  readonly isDoubted?: Adapter['isDoubted'];
  /** Called by `prepare`; may add to `contracts` or log in. */
  readonly prepare?:
    | ((missing: Missing, symbol: string | undefined, adapter: ScriptedAdapter) => Promise<void>)
    | undefined;
  readonly renewAuthorization?: ((generation: number) => Promise<void>) | undefined;
  /** Default: one that prints nothing of itself. */
  readonly authorization?: Authorization | undefined;
  /** `true`: it has a read to try tripped executors with. Default `false`. */
  readonly probe?: boolean | undefined;
  /** Default: one of its own for every adapter, so that tests share no budget. */
  readonly login?: string | undefined;
  readonly mode?: 'paper' | undefined;
  readonly venue?: string | undefined;
  /** Called when the broker closes it. */
  readonly closed?: (() => void) | undefined;
}

/** A scripted adapter, and what it saw. */
export interface ScriptedAdapter extends AdapterPlugin {
  readonly contracts: Map<string, Contract>;
  readonly lookups: readonly Sought[];
  /** Undefined makes `encode` miss the authorization. */
  authorization: Authorization | undefined;
  /** Only after the broker connected. */
  context: AdapterContext | undefined;
}

/** A contract with sensible values, for tests. */
export function testContract(overrides: Partial<Contract> & { readonly root: string }): Contract {
  return {
    id: `CON.F.US.${overrides.root}.Z26` as ContractId,
    name: `${overrides.root}Z6`,
    description: `${overrides.root}: December 2026`,
    tickSize: 0.25,
    tickValue: 0.5,
    active: true,
    ...overrides,
  };
}

/** A working order with sensible values, for tests. */
export function testOrder(overrides: Partial<Order> = {}): Order {
  return {
    orderId: '3400000001' as OrderId,
    clientOrderId: undefined,
    contractId: testContract({ root: 'MNQ' }).id,
    side: 'buy',
    type: 'market',
    status: 'working',
    quantity: 1,
    filledQuantity: 0,
    averagePrice: undefined,
    limitPrice: undefined,
    stopPrice: undefined,
    // Later than any call of a test: an order is never older than the call that made it.
    createdAt: Date.UTC(2100, 0),
    updatedAt: 0,
    asOf: 0,
    parentOrderId: undefined,
    ...overrides,
  };
}

const template = (operation: Operation): RequestTemplate => ({
  operation,
  method: 'POST',
  path: `/${operation}`,
  headers: { 'content-type': 'application/json' },
});
const templates: Record<Mutation, RequestTemplate> = {
  place: template('place'),
  modify: template('modify'),
  cancel: template('cancel'),
  close: template('close'),
  reduce: template('reduce'),
};

let adaptersMade = 0;

/** An adapter that does as it is told, for core's own tests. Requests are JSON of the intent; answers are JSON of the verdict. */
export function scriptedAdapter(script: AdapterScript = {}): ScriptedAdapter {
  const lookups: Sought[] = [];
  const contracts = new Map<string, Contract>();
  for (const contract of script.contracts ?? [])
    for (const name of [contract.root, contract.name, contract.id]) contracts.set(name, contract);
  const plugin: ScriptedAdapter = {
    kind: 'adapter',
    pluginName: 'scripted',
    apiVersion: 1,
    contracts,
    lookups,
    authorization: script.authorization ?? new Authorization('Bearer scripted-secret', 1),
    context: undefined,
    setup: () => adapter,
  };
  const account = {
    id: '700001' as AccountId,
    name: 'PRAC-V2-1001',
    balance: 50_000,
    canTrade: true,
  };
  const adapter: Adapter = {
    capabilities: capabilitiesOf(script),
    login: script.login ?? `scripted ${(adaptersMade += 1)}`,
    mode: script.mode,
    venue: script.venue,
    endpoint: { origin: new URL(script.origin ?? 'http://127.0.0.1:1'), keepWarm: undefined },
    account,
    connect(context) {
      plugin.context = context;
      return script.connect?.(context) ?? Promise.resolve();
    },
    close: async () => script.closed?.(),
    contract: (symbol) => contracts.get(symbol),
    prepare: (missing, symbol) => script.prepare?.(missing, symbol, plugin) ?? Promise.resolve(),
    encode(intent) {
      if (!plugin.authorization) return { ready: false, missing: 'authorization' };
      return {
        ready: true,
        request: {
          template: templates[intent.operation],
          authorization: plugin.authorization,
          body: bodyOf(intent),
        },
      };
    },
    ...(script.isDoubted && { isDoubted: script.isDoubted }),
    ...(script.probe === true && {
      probe: () => ({ template: template('read'), authorization: plugin.authorization, body: '' }),
    }),
    decode(operation, answer) {
      const body: unknown = JSON.parse(new TextDecoder().decode(answer.body));
      return script.decode ? script.decode(operation, body) : (body as Verdict);
    },
    renewAuthorization: (generation) =>
      script.renewAuthorization?.(generation) ?? Promise.resolve(),
    find(sought) {
      lookups.push(sought);
      return Promise.resolve(script.find?.(sought) ?? { is: 'not-found' });
    },
    reads: readsOf(script, account, contracts),
    ...(script.streams === true && { openStreams: () => undefined }),
    ...(script.watchMarket && { watchMarket: script.watchMarket }),
  };
  return plugin;
}

function capabilitiesOf(script: AdapterScript): Capabilities {
  return {
    orderTypes: ['market', 'limit', 'stop', 'trailing-stop', 'join-bid', 'join-ask'],
    orderId: { pattern: /^\w+$/, description: 'letters and digits' },
    clientOrderId: { maxLength: 64, reservedSuffixes: ['-SL', '-TP'], unique: 'for-ever' },
    modify: 'in-place',
    closePosition: true,
    reducePosition: true,
    brackets: 'ticks',
    rateLimit: undefined,
    ...script.capabilities,
  };
}

function readsOf(
  script: AdapterScript,
  account: Account,
  contracts: ReadonlyMap<string, Contract>,
): AdapterReads {
  return {
    account: () => Promise.resolve(account),
    accounts: () => Promise.resolve([account]),
    openOrders: async (lane) => script.openOrders?.(lane) ?? [],
    orders: async () => script.orders?.() ?? [],
    positions: async (lane) => script.positions?.(lane) ?? [],
    trades: async () => script.trades?.() ?? [],
    searchContracts: () => Promise.resolve([...new Set(contracts.values())]),
    ...(script.bars && { bars: script.bars }),
  };
}

function bodyOf(intent: Intent): string {
  if (intent.operation !== 'place') return JSON.stringify(intent);
  const { clientOrderId, contract, request } = intent;
  return JSON.stringify({
    tag: clientOrderId,
    contractId: contract.id,
    ...request,
    signal: undefined,
  });
}
