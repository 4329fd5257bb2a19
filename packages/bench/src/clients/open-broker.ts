import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { topstepx } from '@hotpath/adapter-topstepx';
import type { Broker, ExecutorPlugin, Journal } from '@hotpath/core';
import { createBroker, fileJournal, memoryJournal } from '@hotpath/core';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';
import type { CaseLabel } from '../measure/measured-case.ts';
import { newFolder } from '../measure/run-folder.ts';
import { localhostCertificate } from '../servers/localhost-certificate.ts';

export type ExecutorName = 'fast' | 'fallback';
export type JournalKind = Exclude<CaseLabel['journal'], 'none'>;

export interface OpenBrokerOptions {
  readonly url: string;
  readonly journal: JournalKind;
  readonly executor?: ExecutorName | undefined;
  /** Where the hubs listen. Default: where nothing answers, so that no stream is heard. */
  readonly hubs?: string | undefined;
  /** Which of the venue's accounts, from 0: two brokers with file journals can't share one. Default 0. */
  readonly account?: number | undefined;
  /** Orders that may be under way at once; each needs a connection. Default: the executor's own. */
  readonly atOnce?: number | undefined;
  /** Milliseconds an order is looked for before it is called absent. Default: the broker's own. */
  readonly settleMs?: number | undefined;
}

export interface OpenedBroker {
  readonly broker: Broker<ExecutorName>;
  readonly close: () => Promise<void>;
}

/** Port 9 of loopback is given to nobody. */
const nowhere = 'http://127.0.0.1:9';
const mostConnections = 64;
const tls = { ca: localhostCertificate.cert };

/** A broker as a bot has it: one executor takes every order. */
export async function openBroker({
  url,
  journal,
  executor = 'fast',
  hubs = nowhere,
  account = 0,
  atOnce,
  settleMs,
}: OpenBrokerOptions): Promise<OpenedBroker> {
  const folder = journal === 'memory' ? undefined : newFolder();
  const connections = atOnce === undefined ? undefined : Math.min(mostConnections, atOnce);
  const executors: Record<ExecutorName, ExecutorPlugin> = {
    fast: fastExecutor({ tls, connections }),
    fallback: fallbackExecutor({ tls, connections }),
  };
  const broker = await createBroker({
    adapter: topstepx({
      userName: 'demo',
      apiKey: 'demo-key',
      account: `PRAC-V2-${1_001 + account}`,
      baseUrl: url,
      rtcUrl: hubs,
      rateLimit: 'off',
      tls,
    }),
    executors,
    routing: {
      version: 1,
      salt: 'bench',
      default: executor === 'fast' ? { fast: 100, fallback: 0 } : { fast: 0, fallback: 100 },
      reads: executor,
    },
    journal: openJournal(journal, folder),
    settleMs,
  });
  return {
    broker,
    async close() {
      await broker.close();
      if (folder !== undefined) rmSync(folder, { recursive: true });
    },
  };
}

function openJournal(kind: JournalKind, folder: string | undefined): Journal {
  if (folder === undefined) return memoryJournal();
  return fileJournal(join(folder, 'orders.journal'), { fsync: kind === 'file' ? 'never' : 'each' });
}

export async function placeOnce(
  broker: Pick<Broker, 'placeMarketOrder'>,
  quantity = 1,
): Promise<void> {
  const outcome = await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity });
  if (outcome.kind !== 'accepted') throw new Error(`${outcome.code}: ${outcome.message}`);
}
