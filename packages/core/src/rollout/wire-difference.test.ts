import { expect, it } from 'vitest';
import { wireDifference } from './wire-difference.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const plain =
  'POST /api/Order/place HTTP/1.1\r\nhost: venue\r\nconnection: keep-alive\r\ncontent-type: application/json\r\nauthorization: Bearer secret\r\ncontent-length: 2\r\n\r\n{}';

it.each([
  ['the same bytes', plain, undefined],
  [
    'another order and case of headers',
    'POST /api/Order/place HTTP/1.1\r\nHost: venue\r\nAuthorization: Bearer secret\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}',
    undefined,
  ],
  [
    'a header about the connection',
    plain.replace('keep-alive', 'close').replace('\r\n\r\n', '\r\nuser-agent: x\r\n\r\n'),
    undefined,
  ],
  ['another path', plain.replace('place', 'cancel'), 'the request line'],
  ['another token', plain.replace('secret', 'other'), 'the header authorization'],
  ['a header more', plain.replace('\r\n\r\n', '\r\nx-more: 1\r\n\r\n'), 'the header x-more'],
  [
    'a header twice',
    plain.replace('\r\n\r\n', '\r\ncontent-length: 2\r\n\r\n'),
    'the header content-length',
  ],
  ['another body', plain.replace('{}', '[]'), 'the body'],
  ['no request', 'nonsense', 'one of them is no HTTP request'],
])('%s', (_name, other, difference) => {
  expect(wireDifference(bytes(plain), bytes(other))).toBe(difference);
  expect(wireDifference(bytes(other), bytes(plain))).toBe(difference);
});
