import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';

/** An order of the paper broker. Its API has market and limit orders, ids as text, and a fixed price. */
export interface PaperOrder {
  readonly id: string;
  readonly reference: string;
  readonly product: string;
  readonly kind: 'market' | 'limit';
  readonly side: 'buy' | 'sell';
  lots: number;
  price: number | null;
  state: 'open' | 'done' | 'killed';
  readonly placedAt: number;
}

/** The one product there is: tick 0.5, trading at 100. */
export const paperProduct = { code: 'GOLD-X', family: 'GOLD', tick: 0.5, tickMoney: 5, price: 100 };
export const paperKey = 'paper-key';

export interface PaperBroker {
  readonly url: string;
  readonly orders: readonly PaperOrder[];
  close(): Promise<void>;
}

const newOrder = z.object({
  reference: z.string(),
  product: z.string(),
  kind: z.enum(['market', 'limit']),
  side: z.enum(['buy', 'sell']),
  lots: z.int().positive(),
  price: z.number().nullish(),
});
const change = z.object({ lots: z.int().positive().nullish(), price: z.number().nullish() });

interface Reply {
  readonly status: number;
  readonly body: object;
}
const no = (why: string): Reply => ({ status: 200, body: { ok: false, why } });
const yes = (body: object): Reply => ({ status: 200, body: { ok: true, ...body } });

/** A little broker of its own kind: it answers `{ ok, … }`, takes a reference once, and never forgets an order. */
export async function startPaperBroker(clock: () => number): Promise<PaperBroker> {
  const orders: PaperOrder[] = [];
  const server = createServer((request, response) => {
    void read(request).then((text) => {
      const { status, body } = answer(orders, request, text, clock);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    orders,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  orders: PaperOrder[],
  request: IncomingMessage,
  text: string,
  clock: () => number,
): Reply {
  const [, area, id, action] = (request.url ?? '').split('/');
  if (request.headers.authorization !== `Bearer ${paperKey}`) return { status: 401, body: {} };
  if (request.method === 'GET') {
    if (area === 'products') return yes({ products: [paperProduct] });
    if (area === 'fills') return yes({ fills: orders.filter(({ state }) => state === 'done') });
    if (area === 'orders' && id === undefined) return yes({ orders });
    const order = orders.find((candidate) => candidate.id === id);
    return order ? yes({ order }) : no('unknown order');
  }
  if (area !== 'orders') return { status: 404, body: {} };
  return id === undefined ? place(orders, text, clock) : alter(orders, id, action, text);
}

function place(orders: PaperOrder[], text: string, clock: () => number): Reply {
  const parsed = newOrder.safeParse(JSON.parse(text));
  if (!parsed.success) return { status: 400, body: { ok: false, why: 'not understood' } };
  const { reference, product, kind, side, lots, price = null } = parsed.data;
  if (product !== paperProduct.code) return no('unknown product');
  if (orders.some((order) => order.reference.toLowerCase() === reference.toLowerCase()))
    return no('reference taken');
  const order: PaperOrder = {
    id: `P${orders.length + 1}`,
    reference,
    product,
    kind,
    side,
    lots,
    price,
    state: kind === 'market' ? 'done' : 'open',
    placedAt: clock(),
  };
  orders.push(order);
  return yes({ id: order.id });
}

function alter(
  orders: readonly PaperOrder[],
  id: string,
  action: string | undefined,
  text: string,
): Reply {
  const order = orders.find((candidate) => candidate.id === id);
  if (order?.state !== 'open') return no('not open');
  if (action === 'kill') order.state = 'killed';
  else {
    const { lots, price } = change.parse(JSON.parse(text));
    order.lots = lots ?? order.lots;
    order.price = price ?? order.price;
  }
  return yes({});
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}
