import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import axios from 'axios';
import { got } from 'got';
import { localhostCertificate } from '../servers/localhost-certificate.ts';
import type { Client, ClientTarget, OpenClient } from './client.ts';
import { mustBeAnswer } from './client.ts';

interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

function keepAliveAgents(): Agents {
  return {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true, ca: localhostCertificate.cert }),
  };
}

const closeAll = ({ http, https }: Agents): void => {
  http.destroy();
  https.destroy();
};

export const nodeHttp: OpenClient = ({ url, order }: ClientTarget): Promise<Client> => {
  const agents = keepAliveAgents();
  const address = new URL(order.path, url);
  const headers = {
    ...Object.fromEntries(order.headers),
    'content-length': Buffer.byteLength(order.body),
  };
  const isTls = address.protocol === 'https:';
  return Promise.resolve({
    name: 'node:http keep-alive',
    send: () =>
      new Promise((resolve, reject) => {
        const options = { method: 'POST', headers, agent: isTls ? agents.https : agents.http };
        const request = (isTls ? requestHttps : requestHttp)(address, options, (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => (text += piece));
          response.on('end', () => {
            mustBeAnswer(JSON.parse(text));
            resolve();
          });
        });
        request.on('error', reject);
        request.end(order.body);
      }),
    close: () => closeAll(agents),
  });
};

export const axiosClient: OpenClient = ({ url, order }: ClientTarget): Promise<Client> => {
  const agents = keepAliveAgents();
  const client = axios.create({
    baseURL: url,
    httpAgent: agents.http,
    httpsAgent: agents.https,
    headers: Object.fromEntries(order.headers),
    proxy: false,
  });
  const content: unknown = JSON.parse(order.body);
  return Promise.resolve({
    name: 'axios',
    async send() {
      const { data }: { data: unknown } = await client.post(order.path, content);
      mustBeAnswer(data);
    },
    close: () => closeAll(agents),
  });
};

export const gotClient: OpenClient = ({ url, order }: ClientTarget): Promise<Client> => {
  const agents = keepAliveAgents();
  // Tries once, as every client must that sends orders.
  const client = got.extend({
    prefixUrl: url,
    agent: agents,
    headers: Object.fromEntries(order.headers),
    retry: { limit: 0 },
    https: { certificateAuthority: localhostCertificate.cert },
  });
  const content: unknown = JSON.parse(order.body);
  return Promise.resolve({
    name: 'got',
    async send() {
      const answer: unknown = await client.post(order.path.slice(1), { json: content }).json();
      mustBeAnswer(answer);
    },
    close: () => closeAll(agents),
  });
};
