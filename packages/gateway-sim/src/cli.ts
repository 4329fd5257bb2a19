#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemGatewayClock } from './clock.ts';
import { endlessRefusal } from './faults/endless-refusal.ts';
import { gatewayConfig } from './gateway-config.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { logLine } from './http/gateway-log.ts';
import type { Gateway } from './start-gateway.ts';
import { startGateway } from './start-gateway.ts';

const help = `Runs a ProjectX Gateway on 127.0.0.1 until it is stopped.

  --port N       where to listen; default: the file's, or 8787
  --seed N       sets every price there will be; default: the file's, or 1
  --config FILE  the options as JSON; gateway.schema.json describes it
  --quiet        no line for each request
`;

// Whoever read the lines may go (`| head`); the venue stays.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
const values = given();
if (values?.help === true) {
  console.log(help);
} else if (values) {
  await run(values);
}

interface Given {
  readonly port?: string | undefined;
  readonly seed?: string | undefined;
  readonly config?: string | undefined;
  readonly quiet?: boolean | undefined;
  readonly help?: boolean | undefined;
}

/** Undefined when the command line is not understood, which is said. */
function given(): Given | undefined {
  try {
    return parseArgs({
      options: {
        port: { type: 'string' },
        seed: { type: 'string' },
        config: { type: 'string' },
        quiet: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    process.exitCode = 2;
    return undefined;
  }
}

async function run(asked: Given): Promise<void> {
  let options: GatewayOptions;
  try {
    const config =
      asked.config === undefined
        ? {}
        : gatewayConfig(readFileSync(asked.config, 'utf8'), asked.config);
    options = {
      ...config,
      port: asked.port === undefined ? (config.port ?? 8787) : whole('port', asked.port),
      ...(!asked.quiet && { log: (entry) => console.log(logLine(entry)) }),
      seed: asked.seed === undefined ? (config.seed ?? 1) : whole('seed', asked.seed),
    };
    const { faults = [], simPort = 'same', clock = systemGatewayClock } = options;
    for (const { fault } of faults) {
      const problem = endlessRefusal(fault, typeof simPort === 'number', clock);
      if (problem !== undefined) throw new TypeError(`${asked.config ?? 'faults'}: ${problem}`);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
    return;
  }
  let gateway: Gateway;
  try {
    gateway = await startGateway(options);
  } catch (error) {
    console.error(
      `The simulator could not start: ${error instanceof Error ? error.message : String(error)}`,
    );
    process.exitCode = 1;
    return;
  }
  console.log(`ProjectX gateway simulator at ${gateway.url} (seed ${options.seed ?? 1})`);
  for (const { userName, apiKey } of gateway.users)
    console.log(`  user     ${userName}, key ${apiKey}`);
  for (const { id, name, canTrade = true } of gateway.accounts)
    console.log(`  account  ${name}, id ${id}${canTrade ? '' : ', cannot trade'}`);
  if (gateway.simUrl !== undefined) console.log(`  record   ${gateway.simUrl}/sim/truth`);
  for (const { id = '', fault } of gateway.faults.rules())
    console.log(`  fault    ${id}: ${fault.kind}`);
  const stop = (): void => void gateway.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function whole(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`--${name} is "${text}", must be a whole number`);
}
