import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { Adapter } from '../adapter.ts';
import type { OrderId } from '../brand.ts';
import { toClientOrderId } from '../client-order-id.ts';
import type { Intent } from '../intent.ts';
import type { OrderRequest } from '../order-request.ts';
import type { PreparedRequest } from '../request.ts';
import { validateOrder } from '../validation/validate-order.ts';
import type { RunAdapterTrial } from './adapter-contract.ts';
import type { ContractVenue } from './adapter-trial.ts';

/** Encoding stands between a bot's call and the wire: it must be at once, the same every time, and plain. */
export function describeEncoding(run: RunAdapterTrial): void {
  describe('encoding', () => {
    it('is at once, the same every time, ASCII, and names no token in the body', async () => {
      await run(async ({ venue, adapter }) => {
        for (const intent of intentsOf(adapter, venue)) {
          const [first, second] = [encoded(adapter, intent), encoded(adapter, intent)];
          strictEqual(first.body, second.body);
          strictEqual(
            first.template,
            second.template,
            'the template is made once: executors keep prebuilt heads by its identity',
          );
          match(first.body, /^[\x20-\x7e]*$/);
          strictEqual(first.template.operation, intent.operation);
          const token = first.authorization?.header.split(' ').at(-1);
          ok(token === undefined || !first.body.includes(token));
        }
      });
    });

    it('carries the client order id in a place, and never exponents in numbers', async () => {
      await run(async ({ venue, adapter }) => {
        const { body } = encoded(
          adapter,
          place(adapter, venue, {
            type: 'limit',
            symbol: venue.symbol,
            side: 'buy',
            quantity: 1,
            limitPrice: venue.prices.restingBuyLimit,
          }),
        );
        ok(body.includes('contract-encoding'));
        ok(!/[0-9]e[+-]?[0-9]/i.test(body.replaceAll('contract-encoding', '')));
      });
    });

    it('knows a contract by root, name and id, and asks for none that is not there', async () => {
      await run(async ({ venue, adapter, broker }) => {
        const contract = adapter.contract(venue.symbol);
        ok(contract);
        for (const symbol of [contract.root, contract.name, contract.id])
          deepStrictEqual(adapter.contract(symbol), contract);
        strictEqual(await broker.getContract('NO-SUCH-CONTRACT'), undefined);
        const outcome = await broker.placeMarketOrder({
          symbol: 'NO-SUCH-CONTRACT',
          side: 'buy',
          quantity: 1,
        });
        deepStrictEqual(
          [outcome.kind, 'code' in outcome && outcome.code, await venue.orders()],
          ['not-sent', 'UNKNOWN_CONTRACT', []],
        );
      });
    });

    it('refuses order ids that the venue never gives, before they stand in a request', async () => {
      await run(async ({ adapter, broker }) => {
        for (const orderId of ['1, "x": 2', '"', '../other', ' ']) {
          ok(
            !adapter.capabilities.orderId.pattern.test(orderId),
            `${JSON.stringify(orderId)} passes for an order id`,
          );
          strictEqual((await broker.cancelOrder({ orderId })).kind, 'not-sent');
        }
      });
    });
  });
}

function encoded(adapter: Adapter, intent: Intent): PreparedRequest {
  const result = adapter.encode(intent);
  if (!result.ready) throw new Error(`${intent.operation} lacks ${result.missing}`);
  return result.request;
}

function place(adapter: Adapter, venue: ContractVenue, request: OrderRequest): Intent {
  const contract = adapter.contract(venue.symbol);
  ok(contract);
  const intent = validateOrder(request, contract, toClientOrderId('contract-encoding'));
  if ('field' in intent) throw new Error(intent.message);
  return intent;
}

/** One intent of every operation that the adapter offers. */
function intentsOf(adapter: Adapter, venue: ContractVenue): Intent[] {
  const contract = adapter.contract(venue.symbol);
  ok(contract);
  const orderId = '1' as OrderId;
  const { modify, closePosition, reducePosition } = adapter.capabilities;
  return [
    place(adapter, venue, { type: 'market', symbol: venue.symbol, side: 'buy', quantity: 1 }),
    { operation: 'cancel', orderId },
    ...(modify === 'in-place'
      ? [{ operation: 'modify' as const, orderId, change: { quantity: 2 } }]
      : []),
    ...(closePosition ? [{ operation: 'close' as const, contract }] : []),
    ...(reducePosition ? [{ operation: 'reduce' as const, contract, quantity: 1 }] : []),
  ];
}
