#!/usr/bin/env node
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ConformanceTarget } from './connection-options.ts';
import { addressOf, rtcBeside } from './connection-options.ts';
import { exitCodeOf, tableOf } from './report.ts';
import { checkNames, runConformance } from './run-conformance.ts';
import { stopping } from './stopping.ts';

const help = `Asks a ProjectX Gateway how it behaves and says where the simulator differs from it.

  gateway-conform --url https://api.topstepx.com --account PRAC-V2-…

  --url URL          the REST side; https, or http on this machine
  --rtc-url URL      the hubs; default: beside the REST side, rtc in place of api
  --account NAME     name or id of the account to look at
  --symbol ROOT      the contract to look at; default MNQ
  --with-orders      rests one limit order 5 % below the market, moves it, cancels it, and
                     places two that must be refused (a tag used twice, a price between two ticks)
  --with-far-orders  a dozen further orders at that distance, each cancelled at once: long and odd
                     tags, brackets, a linked order, a StopLimit, and some that must be refused
  --with-logout      logs a token of its own out; whether that ends others is not known,
                     so stop other programs of the login before
  --watch-seconds N  how long the hubs are watched; default 20
  --only NAME,NAME   only these checks
  --json FILE        writes the report there as well; it holds no secret, no name and no id

User name and API key come from TOPSTEPX_USERNAME and TOPSTEPX_API_KEY. Without --with-orders
and --with-far-orders nothing is placed. It keeps below the rate limit, ends within five minutes by itself, and cancels
its order at every end but kill -9.

Exit code: 0 nothing differs, 1 something does, 2 the run did not come to its end.
`;

const options = {
  url: { type: 'string' },
  'rtc-url': { type: 'string' },
  account: { type: 'string' },
  symbol: { type: 'string', default: 'MNQ' },
  'with-orders': { type: 'boolean', default: false },
  'with-far-orders': { type: 'boolean', default: false },
  'with-logout': { type: 'boolean', default: false },
  'watch-seconds': { type: 'string', default: '20' },
  only: { type: 'string' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ readonly options: typeof options }>>['values'];

// Whoever read the lines may go (`| head`, a terminal that is shut): an order of the run is taken back all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.exitCode = await main();

async function main(): Promise<0 | 1 | 2> {
  try {
    const { values } = parseArgs({ options });
    if (!values.help) return await run(values);
    console.log(help);
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }
}

function targetOf(values: Values): ConformanceTarget {
  const { TOPSTEPX_USERNAME: userName = '', TOPSTEPX_API_KEY: apiKey = '' } = process.env;
  const missing = [
    ...(values.url === undefined ? ['--url'] : []),
    ...(values.account === undefined ? ['--account'] : []),
    ...(userName === '' ? ['TOPSTEPX_USERNAME'] : []),
    ...(apiKey === '' ? ['TOPSTEPX_API_KEY'] : []),
  ];
  if (missing.length > 0 || values.url === undefined || values.account === undefined)
    throw new TypeError(`${missing.join(' and ')} must be given; --help says more`);
  const url = addressOf('--url', values.url);
  return {
    url,
    rtcUrl:
      values['rtc-url'] === undefined ? rtcBeside(url) : addressOf('--rtc-url', values['rtc-url']),
    userName,
    apiKey,
    account: values.account,
  };
}

function watchMsOf(values: Values): number {
  const seconds = Number(values['watch-seconds']);
  if (Number.isFinite(seconds) && seconds >= 1 && seconds <= 120) return seconds * 1000;
  throw new TypeError(
    `--watch-seconds is "${values['watch-seconds']}", must be a number from 1 to 120`,
  );
}

function onlyOf(values: Values): string[] | undefined {
  const wanted = values.only?.split(',');
  const known = new Map(checkNames().map(({ name, part }) => [name, part]));
  for (const name of wanted ?? []) {
    const part = known.get(name);
    if (part === undefined)
      throw new TypeError(`--only has "${name}", must be of ${[...known.keys()].join(', ')}`);
    if (part !== 'read' && !values[`with-${part}`])
      throw new TypeError(`--only ${name} needs --with-${part}`);
  }
  return wanted;
}

async function run(values: Values): Promise<0 | 1 | 2> {
  const ending = stopping(process, (line) => void process.stderr.write(`\n${line}\n`));
  try {
    const report = await runConformance({
      target: targetOf(values),
      symbol: values.symbol,
      parts: (['orders', 'far-orders', 'logout'] as const).filter((part) => values[`with-${part}`]),
      watchMs: watchMsOf(values),
      only: onlyOf(values),
      signal: ending.signal,
      progress: process.stderr.isTTY
        ? (name, index, count) => process.stderr.write(`\r\u001B[K${index + 1}/${count} ${name}`)
        : undefined,
    });
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
    console.log(tableOf(report));
    if (values.json !== undefined)
      writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
    return exitCodeOf(report);
  } finally {
    ending.done();
  }
}
