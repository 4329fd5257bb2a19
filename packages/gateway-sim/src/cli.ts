#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import type { GatewayOptions } from './gateway-options.ts';
import { startGateway } from './start-gateway.ts';

const help = `Runs a ProjectX Gateway on 127.0.0.1 until it is stopped.

  --port N       where to listen; default 8787
  --seed N       sets every price there will be; default 1
  --config FILE  users, accounts and limits as JSON
`;

const window = z.union([z.literal('off'), z.strictObject({ requests: z.int().min(1), windowMs: z.int().min(1) })]);
/** The part of the options that a file can hold. */
const configSchema = z.strictObject({
  users: z.array(z.strictObject({ userName: z.string().min(1), apiKey: z.string().min(1) })).optional(),
  accounts: z
    .array(z.strictObject({ id: z.int().positive(), name: z.string().min(1), balance: z.number().optional(), canTrade: z.boolean().optional(), simulated: z.boolean().optional() }))
    .optional(),
  rateLimit: z.strictObject({ everythingElse: window.optional(), bars: window.optional() }).optional(),
  tokenLifetimeMs: z.int().min(1).optional(),
  priceStepMs: z.int().min(0).optional(),
  keepAliveTimeoutMs: z.int().min(1).optional(),
});

const { values } = parseArgs({
  options: { port: { type: 'string', default: '8787' }, seed: { type: 'string', default: '1' }, config: { type: 'string' }, help: { type: 'boolean', default: false } },
});
if (values.help) {
  console.log(help);
} else {
  await run();
}

async function run(): Promise<void> {
  let options: GatewayOptions;
  try {
    options = { ...(values.config !== undefined && readConfig(values.config)), port: whole('port', values.port), seed: whole('seed', values.seed) };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
    return;
  }
  const gateway = await startGateway(options);
  console.log(`ProjectX gateway simulator at ${gateway.url} (seed ${options.seed ?? 1})`);
  for (const { userName, apiKey } of gateway.users) console.log(`  user     ${userName}, key ${apiKey}`);
  for (const { id, name, canTrade = true } of gateway.accounts) console.log(`  account  ${name}, id ${id}${canTrade ? '' : ', cannot trade'}`);
  console.log(`  record   ${gateway.url}/sim/truth`);
  const stop = (): void => void gateway.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function readConfig(path: string): z.output<typeof configSchema> {
  const parsed = configSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${path}:\n${parsed.error.issues.map((issue) => `  ${issue.path.join('.') || 'file'}: ${issue.message}`).join('\n')}`);
}

function whole(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new Error(`--${name} is "${text}", must be a whole number`);
}
