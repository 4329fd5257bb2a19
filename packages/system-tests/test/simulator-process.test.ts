// @runs-what-is-built
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { workspaceRoot } from './document-snippets.ts';

const minutes = 60_000;
const built = join(workspaceRoot, 'packages/gateway-sim/dist');
const folder = mkdtempSync(join(tmpdir(), 'hotpath-simulator-'));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
function run(args: readonly string[]): {
  readonly child: ChildProcess;
  readonly said: () => string;
} {
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => void (said += text));
  return { child, said: () => said };
}

describe('the command line simulator', () => {
  it(
    'is there again when the time of a refusal is over',
    async () => {
      const port = await freePort();
      const { child } = run([join(built, 'cli.js'), '--port', String(port)]);
      const answers = (path: string, init?: RequestInit) =>
        fetch(`http://127.0.0.1:${port}${path}`, init).then(
          ({ ok }) => ok,
          () => false,
        );
      await expect.poll(() => answers('/sim/clock'), { timeout: 10_000 }).toBe(true);
      await answers('/sim/faults', {
        method: 'POST',
        body: JSON.stringify({ fault: { kind: 'refuse', forMs: 1500 } }),
      });
      await expect.poll(() => answers('/sim/clock')).toBe(false);
      await expect.poll(() => answers('/sim/clock'), { timeout: 10_000 }).toBe(true);
      expect(child.exitCode).toBe(null);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    },
    minutes,
  );

  it(
    'outlives whoever reads its lines',
    async () => {
      const port = await freePort();
      const { child } = run([join(built, 'cli.js'), '--port', String(port)]);
      const status = () =>
        fetch(`http://127.0.0.1:${port}/api/Status/ping`).then(
          (answer) => answer.status,
          () => 'down',
        );
      await expect.poll(status, { timeout: 10_000 }).toBe(200);
      child.stdout?.destroy();
      child.stderr?.destroy();
      // The first line behind that is the one that fails.
      for (let request = 0; request < 5; request += 1) expect(await status()).toBe(200);
      expect(child.exitCode).toBe(null);
    },
    minutes,
  );

  it.each([
    [{ faults: [{ fault: { kind: 'refuse' } }] }, 'forMs is missing'],
    [
      {
        manualClockFrom: '2026-09-21T14:00:00Z',
        faults: [{ fault: { kind: 'refuse', forMs: 10 } }],
      },
      'manual clock',
    ],
  ])(
    'takes no refusal that nobody could end: %j',
    async (config, text) => {
      const file = join(folder, 'endless.json');
      writeFileSync(file, JSON.stringify(config));
      const { child, said } = run([
        join(built, 'cli.js'),
        '--port',
        String(await freePort()),
        '--config',
        file,
      ]);
      expect((await once(child, 'close'))[0]).toBe(2);
      expect(said()).toContain(text);
    },
    minutes,
  );

  it(
    'says that its port is taken, in a line',
    async () => {
      const other = createServer();
      await once(other.listen(0, '127.0.0.1'), 'listening');
      const address = other.address();
      const { child, said } = run([
        join(built, 'cli.js'),
        '--port',
        String(typeof address === 'object' ? address?.port : ''),
      ]);
      expect((await once(child, 'close'))[0]).toBe(1);
      other.close();
      expect(said()).toMatch(/^The simulator could not start: .*EADDRINUSE.*\n$/);
    },
    minutes,
  );
});

it(
  'a script ends behind the close of its gateway, whatever was on its way there',
  async () => {
    const script = join(folder, 'script.mjs');
    writeFileSync(
      script,
      `import { connect } from 'node:net';
import { startGateway } from ${JSON.stringify(join(built, 'index.js'))};
const gateway = await startGateway();
const call = (path) => fetch(gateway.url + path, { method: 'POST', body: '{}' }).catch(() => undefined);
for (const [endpoint, fault] of Object.entries({
  'Order/place': { kind: 'delay', byMs: 600_000 },
  'Order/cancel': { kind: 'stall', at: 'before-accepting' },
  'Order/modify': { kind: 'slow', everyMs: 600_000 },
  'Account/search': { kind: 'stall', at: 'after-accepting', forMs: 600_000 },
})) {
  gateway.faults.add({ endpoint, fault });
  void call('/api/' + endpoint);
}
// A hub that turns its client away, and a client that does not hang up.
const client = connect({ port: gateway.port, allowHalfOpen: true });
client.on('error', () => {});
client.write('GET /hubs/user HTTP/1.1\\r\\nhost: sim\\r\\nconnection: upgrade\\r\\nupgrade: websocket\\r\\n\\r\\n');
await new Promise((resolve) => client.once('data', resolve));
gateway.faults.add({ fault: { kind: 'refuse', forMs: 600_000 } });
await gateway.close();
console.log('closed');
`,
    );
    const { child, said } = run([script]);
    const [code] = await once(child, 'exit');
    expect([code, said()]).toEqual([0, 'closed\n']);
  },
  minutes,
);
