import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { takeSampleOrders } from './clients/take-sample-orders.ts';
import { startServers } from './servers/start-servers.ts';

/** Keeps the floor server up until it is interrupted, and writes an order for it as JSON: address, headers and body, for clients in other languages. */
export async function serve(file: string, cpu: string | undefined): Promise<void> {
  const servers = await startServers(cpu);
  try {
    const orders = await takeSampleOrders(servers.floor);
    const told = Object.entries(orders).map(([transport, { path, headers, body }]) => [
      transport,
      {
        url: new URL(path, servers.floor.url(transport)).href,
        headers: Object.fromEntries(headers),
        body,
      },
    ]);
    writeFileSync(file, `${JSON.stringify(Object.fromEntries(told), undefined, 2)}\n`);
    console.log(`An order to send is in ${file}. Serving until interrupted.`);
    await once(process, 'SIGINT');
  } finally {
    servers.close();
  }
}
