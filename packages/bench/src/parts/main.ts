import { join } from 'node:path';
import { fileJournal, memoryJournal } from '@hotpath/core';
import { round } from '../measure/percentiles.ts';
import { newFolder } from '../measure/run-folder.ts';
import { medianRouteCost } from './route-cost.ts';
import { startServers } from '../servers/start-servers.ts';
import { brokerAlone } from './broker-alone.ts';
import { emptyRead } from './empty-read.ts';
import { journalLine } from './journal-line.ts';
import { toWireAfterRest } from './to-wire-after-rest.ts';

const servers = await startServers();
const url = servers.floor.url('http');
try {
  const { hotUs, coldUs } = emptyRead();
  const { backToBack, afterRest, afterDryRuns } = await toWireAfterRest(url);
  const parts = {
    'an order in a broker whose executor answers at once, memoryJournal': await brokerAlone(
      url,
      memoryJournal(),
    ),
    'the same with fileJournal': await brokerAlone(
      url,
      fileJournal(join(newFolder(), 'orders.journal')),
    ),
    'one line of fileJournal': await journalLine(),
    'choosing the executor of an order': medianRouteCost(),
    'a read that finds nothing, done all the time': hotUs,
    'a read that finds nothing, after 2 ms of other work': coldUs,
    'from the call to the write, one order right behind the other': backToBack,
    'from the call to the write, after 20 ms of rest': afterRest,
    'from the call to the write, after 20 ms with a dry run every 5': afterDryRuns,
  };
  for (const [name, microseconds] of Object.entries(parts))
    console.log(`${name.padEnd(70)}${String(round(microseconds)).padStart(8)} µs`);
} finally {
  servers.close();
}
