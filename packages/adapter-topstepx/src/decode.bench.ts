import type { Answer } from '@hotpath/core';
import { bench, do_not_optimize } from 'mitata';
import { decodeAnswer } from './decode.ts';

// The expected answer has a reader of its own; everything else goes through the strict one.
const answer = (body: object): Answer => ({
  status: 200,
  headers: {},
  body: new TextEncoder().encode(JSON.stringify(body)),
});
const accepted = answer({
  orderId: 3_400_000_001,
  success: true,
  errorCode: 0,
  errorMessage: null,
});
const refused = answer({
  orderId: null,
  success: false,
  errorCode: 2,
  errorMessage: 'Insufficient funds.',
});

bench('decode: an accepted place', () => do_not_optimize(decodeAnswer('place', accepted)));
bench('decode: a refused place', () => do_not_optimize(decodeAnswer('place', refused)));
