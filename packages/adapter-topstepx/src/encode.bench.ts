import type { Contract, ContractId, OrderRequest, ValidatedOrder } from '@hotpath/core';
import { Authorization, toClientOrderId } from '@hotpath/core';
import { bench, do_not_optimize } from 'mitata';
import { encodeIntent } from './encode.ts';

// Written by hand, field by field: it runs between the bot's call and the first byte.
const authorization = new Authorization('Bearer t', 1);
const contract: Contract = {
  id: 'CON.F.US.MNQ.Z26' as ContractId,
  name: 'MNQZ6',
  root: 'MNQ',
  description: '',
  tickSize: 0.25,
  tickValue: 0.5,
  active: true,
};
const place = (request: OrderRequest): ValidatedOrder =>
  ({
    operation: 'place',
    clientOrderId: toClientOrderId('k3f9ax-mwt04la2-1-aguh'),
    contract,
    request,
  }) as Omit<ValidatedOrder, '__brand'> as ValidatedOrder;
const market = place({ type: 'market', symbol: 'MNQ', side: 'buy', quantity: 1 });
const limit = place({
  type: 'limit',
  symbol: 'MNQ',
  side: 'buy',
  quantity: 1,
  limitPrice: 21_000.25,
  bracket: { stopLossTicks: 40, takeProfitTicks: 60 },
});

bench('encode: a market order', () =>
  do_not_optimize(encodeIntent(market, '700001', authorization)));
bench('encode: a limit order with brackets', () =>
  do_not_optimize(encodeIntent(limit, '700001', authorization)));
