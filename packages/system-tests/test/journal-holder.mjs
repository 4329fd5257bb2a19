// A bot as far as its journal goes: opens it, says what came of that, and holds it until it is ended. As a cluster's primary, or with a thread, it lets that one open it.
import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { fileJournal } from '@hotpath/core';

const [path, scope, as] = isMainThread ? process.argv.slice(2) : workerData;

async function hold() {
  // Another user of the machine, who could have started it as well.
  if (as === 'nobody') {
    process.setgid(65_534);
    process.setuid(65_534);
  }
  try {
    const journal = fileJournal(path, { rotateAtBytes: 0 });
    await journal.open(scope, { adapter: 'topstepx', baseUrl: 'https://venue' });
    return { is: 'open' };
  } catch (error) {
    return { is: 'refused', code: error.code, message: error.message, holder: error.holder };
  }
}
const say = (told) => void process.stdout.write(`${JSON.stringify(told)}\n`);

if (as === 'worker' && cluster.isPrimary) {
  cluster.setupPrimary({ exec: fileURLToPath(import.meta.url), args: [path, scope, as] });
  const worker = cluster.fork();
  worker.on('exit', () => process.exit());
} else if (as === 'thread' && isMainThread) {
  const thread = new Worker(new URL(import.meta.url), { workerData: [path, scope, as] });
  thread.on('exit', () => process.exit());
} else say(await hold());
setInterval(() => undefined, 1_000);
// A thread has no input of its own.
if (isMainThread) process.stdin.on('end', () => process.exit()).resume();
