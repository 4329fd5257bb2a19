import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Capabilities } from './capabilities.ts';
import { defineAdapter } from './define-adapter.ts';
import { defineExecutor } from './define-executor.ts';

const setup = (): never => {
  throw new Error('not called');
};
const executor = { name: 'mine', apiVersion: 1, options: z.strictObject({}), setup };
const capabilities: Capabilities = {
  orderTypes: ['market'],
  orderId: { pattern: /^\d+$/, description: 'a number' },
  clientOrderId: { maxLength: 20, reservedSuffixes: [], unique: 'for-ever' },
  modify: 'none',
  closePosition: false,
  reducePosition: false,
  brackets: 'none',
  rateLimit: undefined,
};
const define = (definition: object) => () =>
  defineExecutor({ ...executor, ...definition } as never);
const adapt = (more: object) => () =>
  defineAdapter({ ...executor, capabilities: { ...capabilities, ...more } } as never);

describe('a definition', () => {
  it('is taken as it should be', () => {
    expect(define({})).not.toThrow();
    expect(adapt({})).not.toThrow();
    expect(adapt({ rateLimit: { requests: 10, windowMs: 1_000, reserve: 2 } })).not.toThrow();
  });

  it.each([
    [define({ nmae: 'x' }), 'defineExecutor: nmae: is no field here; did you mean "name"?'],
    [define({ name: '1st' }), 'name: is "1st", must be text that begins with a letter'],
    [define({ apiVersion: undefined }), 'apiVersion: is undefined, must be 1'],
    [define({ options: {} }), 'options: is of type object, must be a synchronous Standard Schema'],
    [define({ setup: 5 }), 'setup: is 5, must be a function that gives an executor'],
    [() => defineExecutor(undefined as never), 'definition: is undefined, must be an object'],
    [() => defineAdapter(executor as never), 'defineAdapter: capabilities:'],
    [
      adapt({ bracket: 'ticks' }),
      'capabilities.bracket: is no field here; did you mean "brackets"?',
    ],
    [
      adapt({ clientOrderId: { maxLength: '20', reservedSuffixes: [], unique: 'for-ever' } }),
      'capabilities.clientOrderId.maxLength',
    ],
    [
      adapt({ orderId: { pattern: /\d/g, description: 'x' } }),
      'capabilities.orderId.pattern: must be a regular expression without the flags g and y',
    ],
    [
      adapt({ rateLimit: { requests: 10, windowMs: 1_000, reserve: 10 } }),
      'capabilities.rateLimit.reserve: must be below requests',
    ],
  ])('is refused by the name of the field: %#', (act, problem) => {
    expect(act).toThrow(problem);
  });

  it('for another version of the interface is not judged here: createBroker refuses it by its version', () => {
    expect(define({ apiVersion: 2, anything: true })).not.toThrow();
  });
});
