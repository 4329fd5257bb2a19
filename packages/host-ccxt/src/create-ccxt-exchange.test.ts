import { expect, it } from 'vitest';
import { createCcxtExchange } from './create-ccxt-exchange.ts';

it.each([
  [{}, 'createCcxtExchange: broker is missing; give it what createBroker() resolves with'],
  [{ broker: 5 }, 'broker is missing'],
  [{ brokr: {} }, 'brokr: is no field here; did you mean "broker"?'],
  [{ apiKey: 'x' }, 'apiKey: is no field here'],
  [undefined, 'options: is undefined, must be an object'],
])('%j is refused by name', (options, problem) => {
  expect(() => createCcxtExchange(options as never)).toThrow(problem);
});
