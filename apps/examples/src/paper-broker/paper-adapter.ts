import type {
  Account,
  AccountId,
  Adapter,
  AdapterContext,
  AdapterFactory,
  AdapterReads,
  Answer,
  Capabilities,
  ClientOrderId,
  Contract,
  ContractId,
  Encoded,
  Endpoint,
  Finding,
  Intent,
  Mutation,
  Operation,
  Order,
  OrderId,
  RequestTemplate,
  Sought,
  Verdict,
} from '@hotpath/core';
import { AdapterError, Authorization, decimalText, defineAdapter, ReadError } from '@hotpath/core';
import * as z from 'zod';

export interface PaperOptions {
  /** Where the paper broker listens. */
  readonly url: string;
  readonly key: string;
}

const capabilities: Capabilities = {
  orderTypes: ['market', 'limit'],
  orderId: { pattern: /^P\d{1,9}$/, description: 'P and a number' },
  clientOrderId: { maxLength: 64, reservedSuffixes: [], unique: 'for-ever' },
  modify: 'in-place',
  closePosition: false,
  reducePosition: false,
  brackets: 'none',
  rateLimit: undefined,
};

/** An adapter for a broker that is not a ProjectX Gateway: other paths, other words, an order's id in the path. */
export const paper: AdapterFactory<'paper', PaperOptions> = defineAdapter({
  name: 'paper',
  apiVersion: 1,
  options: z.strictObject({ url: z.url(), key: z.string().min(1) }),
  capabilities,
  setup: (_context, { url, key }) => new PaperAdapter(new URL(url), key),
});

const headers = { 'content-type': 'application/json' };
const post = (operation: Operation, path: string): RequestTemplate => ({
  operation,
  method: 'POST',
  path,
  headers,
});
const get = (path: string): RequestTemplate => ({
  operation: 'read',
  method: 'GET',
  path,
  headers: {},
});
const mostTemplates = 1_000;
const placeTemplate = post('place', '/orders');

const productRow = z
  .object({ code: z.string(), family: z.string(), tick: z.number(), tickMoney: z.number() })
  .transform(({ code, family, tick, tickMoney }): Contract => ({
    id: code as ContractId,
    name: code,
    root: family,
    description: family,
    tickSize: tick,
    tickValue: tickMoney,
    active: true,
  }));
const states = { open: 'working', done: 'filled', killed: 'cancelled' } as const;
const orderRow = z
  .object({
    id: z.string(),
    reference: z.string(),
    product: z.string(),
    kind: z.enum(['market', 'limit']),
    side: z.enum(['buy', 'sell']),
    lots: z.int(),
    price: z.number().nullable(),
    state: z.enum(['open', 'done', 'killed']),
    placedAt: z.number(),
  })
  .transform(
    ({
      id,
      reference,
      product,
      kind,
      side,
      lots,
      price,
      state,
      placedAt,
    }): Omit<Order, 'asOf'> => ({
      orderId: id as OrderId,
      clientOrderId: reference as ClientOrderId,
      contractId: product as ContractId,
      side,
      type: kind,
      status: states[state],
      quantity: lots,
      filledQuantity: state === 'done' ? lots : 0,
      averagePrice: undefined,
      limitPrice: price ?? undefined,
      stopPrice: undefined,
      createdAt: placedAt,
      updatedAt: placedAt,
      parentOrderId: undefined,
    }),
  );

class PaperAdapter implements Adapter {
  readonly capabilities: Capabilities = capabilities;
  readonly login: string;
  readonly endpoint: Endpoint;
  readonly account: Account = {
    id: 'paper' as AccountId,
    name: 'paper',
    balance: 0,
    canTrade: true,
  };
  readonly #contracts = new Map<string, Contract>();
  /** The key is the token, and it never changes: one generation, unless somebody asks for another. */
  #authorization: Authorization;
  readonly #key: string;
  #context: AdapterContext | undefined;
  /** An order's id stands in the path, so every order has a template of its own; made once, since executors go by their identity. */
  readonly #templates = new Map<string, RequestTemplate>();

  constructor(url: URL, key: string) {
    this.#key = key;
    this.#authorization = new Authorization(`Bearer ${key}`, 1);
    this.login = `${url.origin} paper`;
    this.endpoint = { origin: url, keepWarm: undefined };
  }

  async connect(context: AdapterContext): Promise<void> {
    this.#context = context;
    try {
      const { products } = await this.#get(
        '/products',
        z.object({ products: z.array(productRow) }),
      );
      for (const contract of products)
        for (const name of [contract.root, contract.name, contract.id])
          this.#contracts.set(name, contract);
    } catch (error) {
      throw new AdapterError('VENUE_UNREACHABLE', 'The paper broker could not be read.', {
        cause: error,
      });
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  contract(symbol: string): Contract | undefined {
    return this.#contracts.get(symbol);
  }

  /** Everything there is was read at the start. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  renewAuthorization(generation: number): Promise<void> {
    if (this.#authorization.generation === generation)
      this.#authorization = new Authorization(`Bearer ${this.#key}`, generation + 1);
    return Promise.resolve();
  }

  encode(intent: Intent): Encoded {
    const { template, body } = this.#encoded(intent);
    return { ready: true, request: { template, authorization: this.#authorization, body } };
  }

  decode(operation: Mutation, { status, headers: received, body }: Answer): Verdict {
    if (status === 401) return { is: 'unauthorized' };
    if (status === 429)
      return {
        is: 'throttled',
        retryAfterMs:
          received['retry-after'] === undefined
            ? undefined
            : Number(received['retry-after']) * 1000,
      };
    const told = status === 200 ? envelope.safeParse(parsed(body)) : undefined;
    if (!told?.success)
      return {
        is: 'ambiguous',
        code: status === 200 ? 'ANSWER_UNREADABLE' : 'VENUE_STATUS',
        message: `The paper broker answered HTTP ${status}.`,
        arrived: false,
      };
    const { ok, why = '', id } = told.data;
    if (!ok) return refusal(why);
    if (operation === 'place' && id === undefined)
      return {
        is: 'ambiguous',
        code: 'ANSWER_UNREADABLE',
        message: 'The paper broker accepted and named no order.',
        arrived: true,
      };
    return { is: 'accepted', orderId: id === undefined ? undefined : (id as OrderId) };
  }

  async find(sought: Sought): Promise<Finding> {
    try {
      const asOf = this.#connected.clock.now();
      const { orders } = await this.#get('/orders', z.object({ orders: z.array(orderRow) }));
      const order = orders.find(({ orderId, clientOrderId }) =>
        sought.by === 'order-id'
          ? orderId === sought.orderId
          : clientOrderId?.toLowerCase() === sought.clientOrderId.toLowerCase(),
      );
      return order ? { is: 'found', order: { ...order, asOf } } : { is: 'not-found' };
    } catch (error) {
      return { is: 'unreachable', message: error instanceof Error ? error.message : String(error) };
    }
  }

  readonly reads: AdapterReads = {
    account: async () => this.reads.accounts().then(() => this.account),
    // There is one account; asking for the products shows that somebody answers.
    accounts: async () => this.#get('/products', z.unknown()).then(() => [this.account]),
    openOrders: async () =>
      (await this.reads.orders({ from: 0 })).filter(({ status }) => status === 'working'),
    orders: async ({ from, to = Infinity }) => {
      const asOf = this.#connected.clock.now();
      const { orders } = await this.#get('/orders', z.object({ orders: z.array(orderRow) }));
      return orders
        .filter(({ createdAt }) => createdAt >= from && createdAt <= to)
        .map((order) => ({ ...order, asOf }));
    },
    positions: async () => this.#get('/products', z.unknown()).then(() => []),
    trades: async () => {
      const { fills } = await this.#get('/fills', z.object({ fills: z.array(orderRow) }));
      return fills.map(({ orderId, contractId, side, quantity, createdAt }) => ({
        tradeId: orderId,
        orderId,
        contractId,
        side,
        quantity,
        price: 100,
        profitAndLoss: undefined,
        fees: 0,
        at: createdAt,
        voided: false,
      }));
    },
    searchContracts: () => Promise.resolve([...new Set(this.#contracts.values())]),
  };

  get #connected(): AdapterContext {
    if (!this.#context)
      throw new AdapterError('VENUE_UNREACHABLE', 'The adapter is not connected.');
    return this.#context;
  }

  #encoded(intent: Intent): { readonly template: RequestTemplate; readonly body: string } {
    switch (intent.operation) {
      case 'place': {
        const { contract, clientOrderId, request } = intent;
        const price = request.type === 'limit' ? `,"price":${decimalText(request.limitPrice)}` : '';
        return {
          template: placeTemplate,
          body: `{"reference":"${clientOrderId}","product":"${contract.id}","kind":"${request.type}","side":"${request.side}","lots":${request.quantity}${price}}`,
        };
      }
      case 'modify': {
        const { quantity, limitPrice } = intent.change;
        const fields = [
          quantity === undefined ? '' : `"lots":${quantity}`,
          limitPrice === undefined ? '' : `"price":${decimalText(limitPrice)}`,
        ];
        return {
          template: this.#template('modify', `/orders/${intent.orderId}`),
          body: `{${fields.filter(Boolean).join(',')}}`,
        };
      }
      case 'cancel':
        return { template: this.#template('cancel', `/orders/${intent.orderId}/kill`), body: '{}' };
      case 'close':
      case 'reduce':
        throw new TypeError('the paper broker keeps no positions');
    }
  }

  #template(operation: Operation, path: string): RequestTemplate {
    const known = this.#templates.get(path);
    if (known) return known;
    // Yesterday's orders are changed no more; without a bound a bot that runs for weeks would keep them all.
    if (this.#templates.size >= mostTemplates) this.#templates.clear();
    const made = post(operation, path);
    this.#templates.set(path, made);
    return made;
  }

  async #get<Value>(path: string, schema: z.ZodType<Value>): Promise<Value> {
    const delivery = await this.#connected.send(
      { template: get(path), authorization: this.#authorization, body: '' },
      { lane: 'read', timeoutMs: 5_000 },
    );
    if (delivery.stage !== 'answered') throw new ReadError('UNREACHABLE', delivery.failure.message);
    if (delivery.answer.status !== 200)
      throw new ReadError('REFUSED', `${path}: HTTP ${delivery.answer.status}`);
    const value = schema.safeParse(parsed(delivery.answer.body));
    if (value.success) return value.data;
    throw new ReadError('UNREADABLE', `${path}: ${value.error.message}`);
  }
}

const envelope = z.object({
  ok: z.boolean(),
  why: z.string().optional(),
  id: z
    .string()
    .regex(/^P\d+$/)
    .optional(),
});

/** The paper broker's words, and nobody else's. */
function refusal(why: string): Verdict {
  switch (why) {
    case 'reference taken':
      return { is: 'client-order-id-in-use', message: why };
    case 'not open':
    case 'unknown order':
      return { is: 'disputed', venueCode: 0, message: why };
    case 'unknown product':
      return {
        is: 'refused',
        code: 'CONTRACT_NOT_FOUND',
        venueCode: undefined,
        message: why,
        orderId: undefined,
      };
    default:
      return { is: 'ambiguous', code: 'VENUE_UNKNOWN_ERROR', message: why, arrived: false };
  }
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
