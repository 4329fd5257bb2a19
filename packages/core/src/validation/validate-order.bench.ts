import { bench, do_not_optimize } from 'mitata';
import { toClientOrderId } from '../client-order-id.ts';
import type { OrderRequest } from '../order-request.ts';
import { testContract } from '../testing/scripted-adapter.ts';
import { validateOrder } from './validate-order.ts';

// Runs for every order in the bot's own tick: a schema here would cost as much as writing the request.
const contract = testContract({ root: 'MNQ', tickSize: 0.25 });
const clientOrderId = toClientOrderId('k3f9ax-mwt04la2-1-aguh');
const market: OrderRequest = { type: 'market', symbol: 'MNQ', side: 'buy', quantity: 1 };
const limit: OrderRequest = {
  type: 'limit',
  symbol: 'MNQ',
  side: 'buy',
  quantity: 1,
  limitPrice: 21_000.25,
  bracket: { stopLossTicks: 40, takeProfitTicks: 60 },
};

bench('validate: a market order', () =>
  do_not_optimize(validateOrder(market, contract, clientOrderId)));
bench('validate: a limit order with brackets', () =>
  do_not_optimize(validateOrder(limit, contract, clientOrderId)));
