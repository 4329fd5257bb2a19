import { Agent, fetch, Pool } from 'undici';
import { localhostCertificate } from '../servers/localhost-certificate.ts';
import type { Client, ClientTarget, OpenClient } from './client.ts';
import { mustBeAnswer } from './client.ts';

const connect = { ca: localhostCertificate.cert };
const pool = ({ url, atOnce = 1 }: ClientTarget): Pool =>
  new Pool(url, { connections: atOnce, pipelining: 1, connect });

/** undici without anything around it. */
export const undiciDispatch: OpenClient = (target: ClientTarget): Promise<Client> => {
  const { order } = target;
  const dispatcher = pool(target);
  const headers = order.headers.flat();
  return Promise.resolve({
    name: 'undici dispatch',
    send: () =>
      new Promise((resolve, reject) => {
        dispatcher.dispatch(
          { method: 'POST', path: order.path, headers, body: order.body },
          {
            onRequestStart() {},
            onResponseStart() {},
            onResponseData() {},
            onResponseEnd: () => resolve(),
            onResponseError: (_, error) => reject(error),
          },
        );
      }),
    close: () => dispatcher.destroy(),
  });
};

export const undiciRequest: OpenClient = (target: ClientTarget): Promise<Client> => {
  const { order } = target;
  const dispatcher = pool(target);
  const headers = order.headers.flat();
  return Promise.resolve({
    name: 'undici Pool.request',
    async send() {
      const { body } = await dispatcher.request({
        method: 'POST',
        path: order.path,
        headers,
        body: order.body,
      });
      mustBeAnswer(await body.json());
    },
    close: () => dispatcher.destroy(),
  });
};

/** What a plain client does: an object to JSON, `fetch`, JSON to an object. */
export const plainFetch: OpenClient = ({ url, order }: ClientTarget): Promise<Client> => {
  const agent = new Agent({ connect });
  const content: unknown = JSON.parse(order.body);
  const headers = Object.fromEntries(order.headers);
  const address = new URL(order.path, url);
  return Promise.resolve({
    name: 'fetch and JSON',
    async send() {
      const response = await fetch(address, {
        method: 'POST',
        headers,
        body: JSON.stringify(content),
        dispatcher: agent,
      });
      mustBeAnswer(await response.json());
    },
    close: () => agent.destroy(),
  });
};
