import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { FloorRequest } from './floor-connection.ts';
import { serveFloor } from './floor-connection.ts';
import { HubFeed } from './hub-feed.ts';
import { listen } from './listen.ts';
import { localhostCertificate } from './localhost-certificate.ts';
import { serveParent } from './serve-parent.ts';

// The least a server can do for an order, in a process of its own: placing is answered from a fixed text, and the hubs tell that it was filled. What a session needs besides comes from the simulator.
const [gatewayUrl = ''] = process.argv.slice(2);
const mortalKeepAliveMs = 1_000;
/** An order of this many contracts is answered late, when that is switched on. */
const heldSize = 7;
const feed = await HubFeed.start();
let orderId = 3_400_000_000;
let arrivals: string[] | undefined;
let lastPlace = '';
let holdMs = 0;
let endsIdle = false;

function serve(request: FloorRequest): void {
  const { text, at, answer } = request;
  if (!text.startsWith('POST /api/Order/place ')) return void relay(request);
  arrivals?.push(String(at));
  lastPlace = text;
  orderId += 1;
  const body = `{"orderId":${orderId},"success":true,"errorCode":0,"errorMessage":null}`;
  if (holdMs > 0 && text.includes(`"size":${heldSize}`)) setTimeout(() => answer(body), holdMs);
  else answer(body);
  if (feed.isHeard) feed.filled(orderId, text);
}

async function relay({ text, answer }: FloorRequest): Promise<void> {
  const headEnd = text.indexOf('\r\n\r\n');
  const [line = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  const [method = '', path = ''] = line.split(' ');
  const kept = lines
    .filter((header) => /^(?:authorization|content-type):/iu.test(header))
    .map((header): [string, string] => [
      header.slice(0, header.indexOf(':')),
      header.slice(header.indexOf(':') + 1).trim(),
    ]);
  const body = text.slice(headEnd + 4);
  const response = await fetch(new URL(path, gatewayUrl), {
    method,
    headers: kept,
    ...(body && { body }),
  });
  answer(await response.text(), response.status);
}

const { cert, key } = localhostCertificate;
const lasting = { keepAliveMs: 0, request: serve };
const mortal = { keepAliveMs: mortalKeepAliveMs, mayEnd: () => endsIdle, request: serve };
const ports = {
  http: await listen(createServer((socket) => serveFloor(socket, lasting))),
  https: await listen(createTlsServer({ cert, key }, (socket) => serveFloor(socket, lasting))),
  'mortal-http': await listen(createServer((socket) => serveFloor(socket, mortal))),
  'mortal-https': await listen(
    createTlsServer({ cert, key }, (socket) => serveFloor(socket, mortal)),
  ),
};
const urls = Object.fromEntries(
  Object.entries(ports).map(([name, port]) => [
    name,
    `${name.endsWith('https') ? 'https' : 'http'}://127.0.0.1:${port}`,
  ]),
);

serveParent(
  { ...urls, hubs: feed.url },
  {
    'last place': () => lastPlace,
    'note arrivals': (on) => {
      arrivals = on === true ? [] : undefined;
    },
    'arrivals since': () => arrivals?.splice(0) ?? [],
    hold: (milliseconds) => {
      holdMs = Number(milliseconds);
    },
    'end idle': (on) => {
      endsIdle = on === true;
    },
    feed: (eventsPerSecond) => feed.flow(Number(eventsPerSecond)),
  },
);
