import type { PreparedRequest, RequestTemplate } from '@hotpath/core';
import { Authorization } from '@hotpath/core';
import { expect, it } from 'vitest';
import { RequestHeads } from './request-head.ts';

const origin = new URL('https://venue.example:8443');
const headers = { 'content-type': 'application/json' };
const place: RequestTemplate = {
  operation: 'place',
  method: 'POST',
  path: '/api/Order/place',
  headers,
};
const cancel: RequestTemplate = {
  operation: 'cancel',
  method: 'POST',
  path: '/api/Order/cancel',
  headers,
};
const [first, second] = [
  new Authorization('Bearer first', 1),
  new Authorization('Bearer second', 2),
];

it('keeps one head for each template, and makes it anew with each generation of the token', () => {
  const kept = new RequestHeads(origin);
  const request = (
    template: RequestTemplate,
    authorization: Authorization | undefined,
    body: string,
  ): PreparedRequest => ({ template, authorization, body });
  const inTurn = [
    request(place, first, '{"a":1}'),
    request(place, first, '{}'),
    request(cancel, first, '{}'),
    request(place, first, '{}'),
    request(cancel, second, '{}'),
    request(place, second, '{}'),
    request(place, undefined, '{}'),
    request(cancel, second, '{"b":22}'),
  ];
  for (const each of inTurn) {
    expect(kept.wholeOf(each)).toBe(
      `POST ${each.template.path} HTTP/1.1\r\nhost: venue.example:8443\r\nconnection: keep-alive\r\ncontent-type: application/json\r\naccept-encoding: identity\r\n${each.authorization ? `authorization: ${each.authorization.header}\r\n` : ''}content-length: ${each.body.length}\r\n\r\n${each.body}`,
    );
  }
  expect(kept.headersOf(request(place, second, '{}'))).toBe(
    kept.headersOf(request(place, second, '{"another":"body"}')),
  );
});

it('writes the length of a body in bytes', () => {
  const whole = new RequestHeads(origin).wholeOf({
    template: place,
    authorization: undefined,
    body: '"€"',
  });
  expect(whole.toString()).toContain('content-length: 5\r\n\r\n"€"');
});

it.each([
  { path: '/a b' },
  { path: 'a' },
  { path: '/a\r\nx: y' },
  { headers: { 'x y': 'z' } },
  { headers: { x: 'y\r\nz: 1' } },
  { headers: { 'Content-Length': '3' } },
  { headers: { Host: 'elsewhere' } },
])('refuses a template with %j', (wrong) => {
  expect(() =>
    new RequestHeads(origin).headersOf({
      template: { ...place, ...wrong },
      authorization: undefined,
      body: '',
    }),
  ).toThrow(TypeError);
});
