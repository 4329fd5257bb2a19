import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchContext } from './cases/bench-context.ts';
import { roundTrips } from './cases/far-away.ts';
import { takeSampleOrders } from './clients/take-sample-orders.ts';
import { inTime } from './measure/in-time.ts';
import type { Measured } from './measure/measured-case.ts';
import { terminalProgress } from './measure/progress.ts';
import { seededChance } from './measure/seeded-chance.ts';
import { takePlace } from './measure/take-place.ts';
import { makeCurves } from './report/make-curves.ts';
import { describeMachine } from './report/machine.ts';
import { makeReport } from './report/make-report.ts';
import { printReport } from './report/print-report.ts';
import type { Report } from './report/report.ts';
import { resultJson, samplesJson } from './report/result-json.ts';
import { renderPage } from './report/page/render-page.ts';
import { jsonRatios, moreRatios } from './report/targets.ts';
import type { AllParts } from './run-parts.ts';
import { runParts } from './run-parts.ts';
import { serve } from './serve.ts';
import { startFar } from './servers/start-far.ts';
import { startServers } from './servers/start-servers.ts';

const help = `Measures what Hotpath adds to an order, beside other clients, against servers on this machine.

  --quick         half a minute instead of a quarter of an hour
  --json FILE     writes rows and ratios
  --figures FILE  writes all of the report but its samples, as docs/performance.json holds it
  --samples FILE  writes every sample
  --html FILE     writes a page to look at
  --seed N        sets what is left to chance, default 1
  --cpus 0,1      client on processor 0, servers on processor 1 (Linux's taskset)
  --only TEXTS    only the parts whose names hold one of these texts, which commas part
  --serve FILE    measures nothing: serves until interrupted, and writes an order for clients in other languages
`;
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    figures: { type: 'string' },
    samples: { type: 'string' },
    html: { type: 'string' },
    seed: { type: 'string', default: '1' },
    cpus: { type: 'string' },
    only: { type: 'string', default: '' },
    serve: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
/** Several times what a run takes on a busy machine: one that is not over by then never will be. */
const mostMinutes = { quick: 5, full: 60 };
if (values.help) console.log(help);
else if (values.serve !== undefined) await serve(values.serve, takePlace(values.cpus)?.server);
else await run();

async function run(): Promise<void> {
  const seed = Number(values.seed);
  if (!Number.isInteger(seed) || seed < 0)
    throw new Error(`--seed is "${values.seed}", must be a whole number`);
  const [loadBefore = 0] = loadavg();
  const [date, begun] = [new Date().toISOString(), performance.now()];
  const place = takePlace(values.cpus);
  const servers = await inTime(60_000, startServers(place?.server), () => 'starting the servers');
  const far = await inTime(
    60_000,
    startFar(servers, roundTrips, place?.server),
    () => 'starting the delay proxy',
  ).catch((error: unknown) => {
    servers.close();
    throw error;
  });
  try {
    const all = await measureAll({ ...servers, far }, seed);
    terminalProgress('');
    // Of orders that all came too late for a closing connection there is no time to tell.
    const measured = all.parts
      .flatMap((part) => part.measured)
      .filter(({ rounds }) => rounds.some((taken) => taken.length > 0));
    if (all.parts.length === 0) throw new Error(`No part's name holds "${values.only}".`);
    const seconds = Math.round((performance.now() - begun) / 1_000);
    const machine = describeMachine({
      date,
      mode: values.quick ? 'quick' : 'full',
      seed,
      place: place ?? null,
      loadBefore: Math.round(loadBefore * 100) / 100,
      seconds,
    });
    tell(makeReport(machine, measured, all), measured);
  } finally {
    far.close();
    servers.close();
  }
}

/** Runs every part that is wanted; rejects when a server ends before it, or when it takes far too long. */
async function measureAll(
  servers: Pick<BenchContext, 'floor' | 'gateway' | 'far'>,
  seed: number,
): Promise<AllParts> {
  let accounts = 0;
  let doing = 'starting';
  const context: Omit<BenchContext, 'orders'> = {
    ...servers,
    quick: values.quick,
    chance: seededChance(seed),
    progress(text) {
      doing = text;
      terminalProgress(text);
    },
    nextAccount: () => (accounts += 1),
  };
  const measure = async (): Promise<AllParts> => {
    const orders = await takeSampleOrders(servers.floor);
    return runParts({ ...context, orders }, values.only);
  };
  const ended = [servers.floor, servers.gateway, servers.far].map((server) => server.ended);
  const minutes = mostMinutes[values.quick ? 'quick' : 'full'];
  return inTime(minutes * 60_000, Promise.race([measure(), ...ended]), () => doing);
}

/** Prints what was found, and writes it into the files that were asked for. */
function tell(report: Report, measured: readonly Measured[]): void {
  console.log(printReport(report));
  if (values.only === '') complain(report);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify(resultJson(report), undefined, 2)}\n`);
  if (values.figures !== undefined)
    writeFileSync(values.figures, `${JSON.stringify(report, undefined, 2)}\n`);
  if (values.samples !== undefined)
    writeFileSync(values.samples, `${JSON.stringify(samplesJson(measured))}\n`);
  if (values.html !== undefined)
    writeFileSync(values.html, renderPage(report, makeCurves(measured)));
}

/** A run that has no figure where one must be did not measure it. */
function complain({ machine, rows, ratios }: Report): void {
  const missing = [...jsonRatios, ...moreRatios].filter(
    (name) =>
      ratios[name] === null && !(machine.mode === 'quick' && name.startsWith('rtt20TenMinutes')),
  );
  for (const name of missing) console.error(`No figure for ${name}.`);
  if (rows.length === 0 || missing.length > 0) process.exitCode = 1;
}
