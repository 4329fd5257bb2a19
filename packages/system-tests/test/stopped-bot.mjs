// A bot that stops its own process right behind an order, as a debugger, a full machine or a closed lid does.
import { topstepx } from '@hotpath/adapter-topstepx';
import { createBroker, memoryJournal } from '@hotpath/core';
import { fastExecutor } from '@hotpath/executor-fast';

const [baseUrl] = process.argv.slice(2);
const broker = await createBroker({
  adapter: topstepx({ userName: 'demo', apiKey: 'demo-key', account: 'PRAC-V2-1001', baseUrl }),
  executors: { fast: fastExecutor() },
  routing: { version: 1, salt: 'stopped', default: { fast: 100 } },
  journal: memoryJournal(),
});
const synced = () => new Promise((resolve) => broker.once('stream.synced', resolve));
await broker.getContract('MNQ');
await synced();
const told = [];
broker.on('stream.gap', ({ because }) => told.push(because));
const again = synced();
const placing = broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1 });
process.send('stopping');
// In the tick of the call: the order is on its way, and its answer comes to a process that does not run.
process.kill(process.pid, 'SIGSTOP');
const { kind } = await placing;
await again;
process.send({ kind, told });
await broker.close();
process.disconnect();
