// Shows what the simulator bears: places a second, hub events a second over ten clients, and memory over many orders.
// Short by default; `--orders 1000000` for the long run. Runs against the built package: `node scripts/soak.mjs --help`.
import { spawn } from 'node:child_process';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { HubConnectionBuilder, HttpTransportType, LogLevel } from '@microsoft/signalr';
import { startGateway } from '@hotpath/gateway-sim';

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '20000' },
    events: { type: 'string', default: '20000' },
    client: { type: 'string' },
    help: { type: 'boolean' },
  },
});
const total = Number(values.orders);
const events = Number(values.events);
const accountId = 700_001;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

if (values.help) say('node scripts/soak.mjs [--orders 20000] [--events 20000]');
else if (values.client !== undefined) await beClient(values.client);
else await soak();

async function soak() {
  const gateway = await startGateway({
    priceStepMs: 0,
    keepHistory: 10_000,
    rateLimit: { everythingElse: 'off' },
  });
  try {
    await placing(gateway);
    await publishing(gateway);
  } finally {
    await gateway.close();
  }
}

/** What is held after a collection is looked at with each tenth of the orders. The client is a process of its own, so that its work is not measured as the gateway's. */
async function placing(gateway) {
  const before = memory();
  const began = performance.now();
  const busy = process.cpuUsage();
  const child = spawn(
    process.execPath,
    [fileURLToPath(import.meta.url), '--client', gateway.url, '--orders', String(total)],
    { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  );
  child.on('message', (placed) => seen.push(`${memory()} at ${Number(placed)}`));
  const seen = [];
  const code = await new Promise((resolve) => child.on('exit', resolve));
  if (code !== 0) throw new Error(`the client ended with ${code}`);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(busy);
  const { orders, forgotten } = gateway.truth();
  const known = orders.length + forgotten.orders;
  if (known !== total) throw new Error(`${total} orders were placed, the venue knows of ${known}`);
  say(
    `placed ${total} orders in ${seconds.toFixed(1)} s: ${Math.round(total / seconds)} a second; the gateway alone could take ${Math.round((total / (user + system)) * 1e6)}`,
  );
  say(
    `memory in MB after a collection, buffers included: at the start ${before}; ${seen.join(', ')}`,
  );
}

async function publishing(gateway) {
  const token = await logIn(gateway.url);
  const contractId = await contractOf(gateway.url, token);
  let received = 0;
  const clients = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const connection = new HubConnectionBuilder()
        .withUrl(`${gateway.url}/hubs/market?access_token=${token}`, {
          skipNegotiation: true,
          transport: HttpTransportType.WebSockets,
        })
        .configureLogging(LogLevel.None)
        .build();
      for (const event of ['GatewayQuote', 'GatewayTrade', 'GatewayDepth'])
        connection.on(event, () => void (received += 1));
      await connection.start();
      for (const kind of ['Quotes', 'Trades', 'MarketDepth'])
        await connection.invoke(`SubscribeContract${kind}`, contractId);
      return connection;
    }),
  );
  const began = performance.now();
  for (;;) {
    if (received >= events) break;
    for (let step = 0; step < 10; step += 1) gateway.stepPrices();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  const seconds = (performance.now() - began) / 1000;
  say(
    `ten clients received ${received} hub events in ${seconds.toFixed(2)} s: ${Math.round(received / seconds)} a second, clients in the same process`,
  );
  await Promise.all(clients.map((connection) => connection.stop()));
}

async function beClient(url) {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const token = await logIn(url);
  const contractId = await contractOf(url, token);
  let next = 0;
  let answered = 0;
  const run = async () => {
    while (next < total) {
      const number = next++;
      const text = await send(
        url,
        'Order/place',
        { accountId, contractId, type: 2, side: number % 2, size: 1, customTag: `soak-${number}` },
        token,
        agent,
      );
      if (!text.includes('"success":true')) throw new Error(text);
      answered += 1;
      if (answered % Math.ceil(total / 10) === 0) process.send?.(answered);
    }
  };
  await Promise.all(Array.from({ length: 32 }, run));
  agent.destroy();
  process.disconnect?.();
}

function send(url, path, body, token, agent) {
  return new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      ...(token && { authorization: `Bearer ${token}` }),
    };
    const sent = request(`${url}/api/${path}`, { method: 'POST', headers, agent }, (response) => {
      let answer = '';
      response.on('data', (chunk) => (answer += chunk));
      response.on('end', () => resolve(answer));
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

async function logIn(url) {
  return JSON.parse(await send(url, 'Auth/loginKey', { userName: 'demo', apiKey: 'demo-key' }))
    .token;
}

async function contractOf(url, token) {
  return JSON.parse(await send(url, 'Contract/search', { searchText: 'MNQ', live: false }, token))
    .contracts[0].id;
}

function memory() {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return Math.round((heapUsed + arrayBuffers) / 1e6);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
