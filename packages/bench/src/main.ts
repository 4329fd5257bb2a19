import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Arrivals } from './arrival-while-computing.ts';
import { arrivalsWhileComputing } from './arrival-while-computing.ts';
import { floorCases } from './floor-cases.ts';
import type { MeasuredCase, Samples } from './measured-case.ts';
import { compareRounds, measure } from './measured-case.ts';
import { median, percentilesOf, round } from './percentiles.ts';
import { medianRouteCost } from './route-cost.ts';
import { startFloorServer } from './start-floor-server.ts';
import { takePlace } from './take-place.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'string' }, cpus: { type: 'string' } } });
const place = takePlace(values.cpus);
const [rounds, perRound, computing] = values.quick ? [40, 50, 60] : [200, 100, 200];
const progress = (text: string): void => void (process.stderr.isTTY && process.stderr.write(`\r\u001B[K${text}`));

const server = await startFloorServer(place?.server);
const all: MeasuredCase[] = [];
try {
  for (const transport of ['http', 'https'] as const) all.push(...(await floorCases(transport, server[transport])));
  const samples = await measure(all, rounds, perRound, progress);
  progress('arrival while computing');
  const arrivals = await arrivalsWhileComputing(server.http, computing);
  const arrivalsTls = await arrivalsWhileComputing(server.https, computing);
  progress('');
  report(samples, arrivals, arrivalsTls);
} finally {
  for (const each of all) await each.close();
  server.close();
}

function report(samples: Samples, arrivals: Arrivals, arrivalsTls: Arrivals): void {
  const find = (transport: string, name: string, journal = 'none'): MeasuredCase | undefined => all.find((each) => each.transport === transport && each.name === name && each.journal === journal);
  const over = (transport: string, above: MeasuredCase | undefined, below: string): number => round(compareRounds(samples, above, find(transport, below), (a, b) => a / b));
  const under = (transport: string, above: string, below: MeasuredCase | undefined): number => round(compareRounds(samples, find(transport, above), below, (a, b) => a / b));
  const whole = (transport: string, journal = 'memory'): MeasuredCase | undefined => find(transport, 'whole placeOrder', journal);
  // What a rest adds to the whole order, less what it adds to a raw socket.
  const restExtraUs = (transport: string): number => {
    const added = (rested: MeasuredCase | undefined, busy: MeasuredCase | undefined): number => compareRounds(samples, rested, busy, (a, b) => a - b);
    return round(added(find(transport, 'whole placeOrder after a rest', 'memory'), whole(transport)) - added(find(transport, 'raw socket after a rest'), find(transport, 'raw socket')));
  };
  const ratios = {
    arrivalWhileComputingMs: round(median(arrivals.arrivalMs), 3),
    arrivalWhileComputingMsTls: round(median(arrivalsTls.arrivalMs), 3),
    deliverOverRawSocket: over('http', find('http', 'fast executor'), 'raw socket'),
    deliverOverRawSocketTls: over('https', find('https', 'fast executor'), 'raw socket'),
    deliverOverDispatch: over('http', find('http', 'fast executor'), 'undici dispatch'),
    deliverOverDispatchTls: over('https', find('https', 'fast executor'), 'undici dispatch'),
    wholeOverRawSocket: over('http', whole('http'), 'raw socket'),
    wholeOverRawSocketTls: over('https', whole('https'), 'raw socket'),
    wholeOverRawSocketFileJournal: over('http', whole('http', 'file'), 'raw socket'),
    wholeOverRawSocketFileJournalTls: over('https', whole('https', 'file'), 'raw socket'),
    restExtraUs: restExtraUs('http'),
    restExtraUsTls: restExtraUs('https'),
    wholeOverDispatch: over('http', whole('http'), 'undici dispatch'),
    wholeOverDispatchTls: over('https', whole('https'), 'undici dispatch'),
    fetchOverWhole: under('http', 'fetch and JSON', whole('http')),
    fetchOverWholeTls: under('https', 'fetch and JSON', whole('https')),
    coldTlsOverWhole: under('https', 'new TLS connection each', whole('https')),
    routeUs: round(medianRouteCost(), 3),
    toWireUs: round(median(arrivals.toWireUs)),
  };
  const targets: Partial<Record<keyof typeof ratios, readonly ['≤' | '≥' | '<', number]>> = {
    arrivalWhileComputingMs: ['≤', 1],
    arrivalWhileComputingMsTls: ['≤', 1],
    wholeOverRawSocket: ['≤', 1.25],
    wholeOverRawSocketTls: ['≤', 1.25],
    wholeOverRawSocketFileJournal: ['≤', 1.5],
    wholeOverRawSocketFileJournalTls: ['≤', 1.25],
    restExtraUs: ['≤', 25],
    restExtraUsTls: ['≤', 25],
    wholeOverDispatch: ['<', 0.85],
    fetchOverWhole: ['≥', 6],
    fetchOverWholeTls: ['≥', 5],
    coldTlsOverWhole: ['≥', 25],
    routeUs: ['<', 2],
  };
  const rows = all.map((each) => ({ name: each.name, operation: 'place', transport: each.transport, journal: each.journal, rttMs: 0, load: 'one at a time', ...percentilesOf((samples.get(each) ?? []).flat()) }));
  console.log(`Loopback, server in its own process, one order at a time, ${rounds} rounds in turn${place ? `, client on processor ${place.client} and server on ${place.server}` : ''}; µs from the call to the end of the answer.`);
  for (const row of rows) console.log(`${row.transport.padEnd(6)}${row.name.padEnd(32)}${row.journal.padEnd(8)}p50 ${row.p50Us.toFixed(0).padStart(6)}  p95 ${row.p95Us.toFixed(0).padStart(6)}  p99 ${row.p99Us.toFixed(0).padStart(6)}  n ${row.samples}`);
  for (const [name, value] of Object.entries(ratios)) {
    const target = targets[name as keyof typeof ratios];
    const met = !target || (target[0] === '≥' ? value >= target[1] : target[0] === '<' ? value < target[1] : value <= target[1]);
    console.log(`${name.padEnd(36)}${String(value).padStart(8)}${target ? `  target ${target[0]} ${target[1]}${met ? '' : '  NOT MET'}` : ''}`);
  }
  if (!values.json) return;
  const machine = { node: process.version, platform: process.platform, cpus: cpus().length, place, model: cpus()[0]?.model, date: new Date().toISOString() };
  const raw = Object.fromEntries(all.map((each) => [`${each.transport} ${each.name} ${each.journal}`, (samples.get(each) ?? []).map((taken) => taken.map((us) => round(us, 1)))]));
  writeFileSync(values.json, `${JSON.stringify({ machine, rows, ratios, raw })}\n`);
}
