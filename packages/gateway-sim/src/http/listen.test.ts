import { expect, it } from 'vitest';
import { urlOf } from './listen.ts';

it.each([
  ['127.0.0.1', 'http://127.0.0.1:8787'],
  ['localhost', 'http://localhost:8787'],
  // What `localhost` is first on many machines.
  ['::1', 'http://[::1]:8787'],
])('a gateway on %s is found at %s', (host, url) => {
  expect(urlOf('http', host, 8787)).toBe(url);
  expect(new URL(url).port).toBe('8787');
});
