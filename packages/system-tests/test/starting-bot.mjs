// A bot that starts while its venue may be away: it says what it knows of its start, and does what it is told.
import { createBroker, fileJournal } from '@hotpath/core';
import { topstepx } from '@hotpath/adapter-topstepx';
import { fallbackExecutor } from '@hotpath/executor-fallback';
import { fastExecutor } from '@hotpath/executor-fast';

const [baseUrl, journal, startWithinMs] = process.argv.slice(2);
let starting;
process.on('message', (order) => {
  if (order === 'halt') process.send({ recorded: starting.halt(), isHalted: starting.isHalted });
  if (order === 'abort') starting.abort();
});
try {
  await createBroker({
    adapter: topstepx({ userName: 'demo', apiKey: 'demo-key', account: 'PRAC-V2-1001', baseUrl }),
    executors: { fast: fastExecutor(), fallback: fallbackExecutor() },
    routing: { version: 1, salt: 'start', default: { fast: 100, fallback: 0 } },
    journal: fileJournal(journal),
    startWithinMs: Number(startWithinMs),
    onStarting: (given) => {
      starting = given;
      process.send({ isStarting: true, isHalted: given.isHalted });
    },
  });
} catch (error) {
  // Nothing else may keep this process: it must end by itself from here.
  process.disconnect();
  process.stdout.write(JSON.stringify({ code: error.code, message: error.message }));
}
