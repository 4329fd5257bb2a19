// @runs-what-is-built
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { workspaceRoot } from './document-snippets.ts';
import { parseJson } from './parse-json.ts';

// As an author runs it: a process of its own, told by its command line, its environment and signals.
let folder: string;
let gateway: Gateway;
const command = join(workspaceRoot, 'packages/gateway-sim/dist/conformance/cli.js');
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'conformance-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  gateway = await startGateway({ priceStepMs: 20 });
});
afterEach(() => gateway.close());

const page = readFileSync(join(workspaceRoot, 'docs/conformance.md'), 'utf8');
const credentials = { TOPSTEPX_USERNAME: 'demo', TOPSTEPX_API_KEY: 'demo-key' };
interface Ended {
  readonly code: number | null;
  readonly output: string;
}
async function orderRests(): Promise<void> {
  await expect
    .poll(() => gateway.truth().orders.filter(({ status }) => status === 1).length, {
      timeout: 15_000,
      interval: 5,
    })
    .toBe(1);
}
function conform(
  args: readonly string[],
  env: Readonly<Record<string, string>> = credentials,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const { TOPSTEPX_USERNAME: _user, TOPSTEPX_API_KEY: _key, ...others } = process.env;
  const child = spawn(process.execPath, [command, ...args], {
    env: { ...others, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    child,
    ended: new Promise((resolve) => void child.once('exit', (code) => resolve({ code, output }))),
  };
}
const told = (...more: readonly string[]): string[] => [
  '--url',
  gateway.url,
  '--account',
  'PRAC-V2-1001',
  '--watch-seconds',
  '1',
  ...more,
];

describe('the conformance command', () => {
  it('ends with 0, a table and a report, where nothing differs', async () => {
    const file = join(folder, 'report.json');
    // As its page says it.
    const [, line = ''] = /run conform -- (--url http:\/\/127.*)/.exec(page) ?? [];
    const documented = line.replace('http://127.0.0.1:8787', gateway.url).split(' ');
    const { code, output } = await conform([
      ...documented,
      '--watch-seconds',
      '1',
      '--only',
      'path-case,token-form,bars-order,quote-form,place-answer,cancel-answer',
      '--json',
      file,
    ]).ended;
    expect(output).toMatch(/^same +path-case /m);
    expect(output).toMatch(/6 same, 0 different, 0 unknown; \d+ requests/);
    expect(output).not.toMatch(/demo-key|700001|PRAC-V2/);
    expect(code).toBe(0);
    expect(parseJson(readFileSync(file, 'utf8'))).toMatchObject({
      version: 1,
      gateway: gateway.url,
      parts: ['read', 'orders', 'far-orders'],
      counts: { same: 6, different: 0 },
    });
    expect(gateway.truth().orders.map(({ status }) => status)).toEqual([3, 5]);
  }, 60_000);

  it('is explained with every option it has, and with no other', async () => {
    const { output } = await conform(['--help']).ended;
    const options = (text: string): string[] =>
      [...new Set(text.match(/(?<![\w-])--(?!package\b|quiet\b)[a-z][\w-]*/g))].toSorted();
    expect(options(page)).toEqual(options(output));
  });

  it('ends with 1 and names the difference, where something does, and does not watch for longer than it asks', async () => {
    gateway.faults.add({ endpoint: 'Status/ping', fault: { kind: 'status', status: 401 } });
    const { code, output } = await conform(
      told('--only', 'ping,path-case', '--watch-seconds', '120'),
    ).ended;
    expect(output).toMatch(
      /^ping: Status\/ping without a token\n {2}the simulator \(\?\): 200 "pong"\n {2}the gateway: +401$/m,
    );
    expect(code).toBe(1);
    expect(gateway.truth().orders).toEqual([]);
  });

  it.each([
    [['--account', 'A'], credentials, '--url must be given'],
    [
      ['--url', 'http://127.0.0.1:1', '--account', 'A'],
      {},
      'TOPSTEPX_USERNAME and TOPSTEPX_API_KEY must be given',
    ],
    [
      ['--url', 'http://api.topstepx.com', '--account', 'A'],
      credentials,
      'must begin with https://',
    ],
    [['--url', 'http://127.0.0.1:1', '--account', 'A'], credentials, 'could not be reached'],
    [
      ['--url', 'http://127.0.0.1:1', '--account', 'A', '--only', 'place-id'],
      credentials,
      '--only place-id needs --with-orders',
    ],
    [
      ['--url', 'http://127.0.0.1:1', '--account', 'A', '--watch-seconds', '0'],
      credentials,
      '--watch-seconds is "0"',
    ],
    [['--api-key', 'secret'], credentials, "Unknown option '--api-key'"],
  ] as const)('ends with 2 for %j', async (args, env, problem) => {
    const { code, output } = await conform(args, env).ended;
    expect(output).toContain(problem);
    expect(output).not.toContain('demo-key');
    expect(code).toBe(2);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'cancels its order when it is stopped by %s, also by several',
    async (signal) => {
      const { child, ended } = conform(
        told('--with-orders', '--only', 'place-answer,cancel-answer'),
      );
      await orderRests();
      for (let count = 0; count < 3; count += 1) child.kill(signal);
      const { code, output } = await ended;
      expect(output).toContain(`stopped by ${signal}`);
      expect(code).toBe(2);
      expect(gateway.truth().orders.map(({ status }) => status)).toEqual([3]);
    },
    30_000,
  );

  it('cancels its order when the terminal is gone, and nobody is there to be told', async () => {
    const { child, ended } = conform(told('--with-orders', '--only', 'place-answer,cancel-answer'));
    await orderRests();
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.kill('SIGHUP');
    expect((await ended).code).toBe(2);
    expect(gateway.truth().orders.map(({ status }) => status)).toEqual([3]);
  }, 30_000);

  it('cancels its order when the program itself has a fault', async () => {
    const fault = `data:text/javascript,${encodeURIComponent('process.on("SIGUSR2",()=>{throw new Error("no such thing")})')}`;
    const { child, ended } = conform(
      told('--with-orders', '--only', 'place-answer,cancel-answer'),
      { ...credentials, NODE_OPTIONS: `--import=${fault}` },
    );
    await orderRests();
    child.kill('SIGUSR2');
    const { code, output } = await ended;
    expect(output).toContain('The run ended early: a fault of this program: no such thing.');
    expect(code).toBe(2);
    expect(gateway.truth().orders.map(({ status }) => status)).toEqual([3]);
  }, 30_000);
});
