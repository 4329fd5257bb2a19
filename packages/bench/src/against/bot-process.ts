import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as adapter from '@hotpath/adapter-topstepx';
import type * as core from '@hotpath/core';
import type * as executor from '@hotpath/executor-fast';
import { newFolder } from '../measure/run-folder.ts';
import { localhostCertificate } from '../servers/localhost-certificate.ts';
import { serveParent } from '../servers/serve-parent.ts';
import type { TakenRound } from './taken-round.ts';

// A bot of one checkout, in a process of its own: its packages, as they are built there, and nothing of this one's.
const [root = '', url = '', account = ''] = process.argv.slice(2);
const built = (name: string): string =>
  pathToFileURL(join(root, 'packages', name, 'dist/index.js')).href;
const { createBroker, fileJournal } = (await import(built('core'))) as Pick<
  typeof core,
  'createBroker' | 'fileJournal'
>;
const { topstepx } = (await import(built('adapter-topstepx'))) as Pick<typeof adapter, 'topstepx'>;
const { fastExecutor } = (await import(built('executor-fast'))) as Pick<
  typeof executor,
  'fastExecutor'
>;

const tls = { ca: localhostCertificate.cert };
const broker = await createBroker({
  // Port 9 of loopback is given to nobody: no stream is heard.
  adapter: topstepx({
    userName: 'demo',
    apiKey: 'demo-key',
    account,
    baseUrl: url,
    rtcUrl: 'http://127.0.0.1:9',
    rateLimit: 'off',
    tls,
  }),
  executors: { fast: fastExecutor({ tls }) },
  routing: { version: 1, salt: 'bench', default: { fast: 100 } },
  journal: fileJournal(join(newFolder(), 'orders.journal')),
});

/** Orders, one after the other. */
async function take(count: number): Promise<TakenRound> {
  const taken: number[] = [];
  const begun = process.cpuUsage();
  while (taken.length < count) {
    const before = performance.now();
    const outcome = await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 });
    taken.push((performance.now() - before) * 1_000);
    if (outcome.kind !== 'accepted') throw new Error(`${outcome.code}: ${outcome.message}`);
  }
  const { user, system } = process.cpuUsage(begun);
  return { ordersUs: taken, processorUs: (user + system) / count };
}

serveParent({}, { take: (count) => take(Number(count)) });
