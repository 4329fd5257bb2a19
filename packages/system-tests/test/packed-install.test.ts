import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippetsOf, workspaceRoot } from './document-snippets.ts';

const published = [
  'core',
  'executor-fast',
  'executor-fallback',
  'adapter-topstepx',
  'gateway-sim',
  'host-ccxt',
  'host-backtest-kit',
];
let folder: string;
const minutes = 60_000;

/** Fails with what the command printed. */
function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (error) throw error;
  if (status !== 0)
    throw new Error(
      `${command} ${args.join(' ')} ended with ${status ?? 'a signal'}:\n${stdout}\n${stderr}`,
    );
  return stdout;
}

// The packages as they would be published, in a folder that knows nothing of this workspace.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-installed-'));
  run(process.execPath, [join(workspaceRoot, 'scripts/setup.mjs'), '--build'], workspaceRoot);
  const tarballs = run(
    process.execPath,
    [join(workspaceRoot, 'scripts/pack.mjs'), join(folder, 'packed')],
    workspaceRoot,
  )
    .trim()
    .split('\n');
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'my-bot', private: true, type: 'module' }),
  );
  // Not every registry has the newest small dependencies of backtest-kit, so its host is installed without its peer here.
  const withoutPeer = (name: string): boolean => name.includes('host-backtest-kit');
  run(
    'npm',
    [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      ...tarballs.filter((name) => !withoutPeer(name)),
    ],
    folder,
  );
  run(
    'npm',
    [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      '--legacy-peer-deps',
      ...tarballs.filter(withoutPeer),
    ],
    folder,
  );
}, 5 * minutes);
afterAll(() => rmSync(folder, { recursive: true }));

describe("the packed packages, installed by npm into somebody's empty folder", () => {
  const [typescript, javascript] = (['ts', 'js'] as const).map(
    (wanted) => snippetsOf('README.md').find(({ language }) => language === wanted)?.code ?? '',
  );

  it(
    "run the README's JavaScript bot",
    () => {
      writeFileSync(join(folder, 'bot.js'), javascript ?? '');
      const printed = run(process.execPath, ['bot.js'], folder);
      expect(printed).toContain("kind: 'accepted'");
      expect(printed).toContain("became: 'flat'");
    },
    minutes,
  );

  it(
    "compile the README's TypeScript bot, strictly and with their own types checked too, and run it",
    () => {
      // On any free port: on this machine the one of the document may be taken.
      writeFileSync(
        join(folder, 'typed-bot.ts'),
        (typescript ?? '').replace('port: 8787', 'port: 0'),
      );
      const options = {
        module: 'nodenext',
        target: 'es2023',
        lib: ['es2023'],
        types: ['node'],
        typeRoots: [join(workspaceRoot, 'node_modules/@types')],
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        outDir: 'out',
        rootDir: '.',
      };
      writeFileSync(
        join(folder, 'tsconfig.json'),
        JSON.stringify({ compilerOptions: options, include: ['typed-bot.ts'] }),
      );
      run(
        process.execPath,
        [join(workspaceRoot, 'node_modules/typescript/bin/tsc'), '-p', '.'],
        folder,
      );
      const printed = run(process.execPath, ['out/typed-bot.js'], folder);
      expect(printed).toContain("became: 'cancelled'");
      expect(readFileSync(join(folder, 'orders.journal'), 'utf8').trim().split('\n')).toHaveLength(
        5,
      );
    },
    minutes,
  );

  it(
    'trade on paper with the simulator installed beside them, and say what to install where it is not',
    () => {
      const bot = `
      import { createBroker, memoryJournal } from '@hotpath/core';
      import { topstepx } from '@hotpath/adapter-topstepx';
      import { fastExecutor } from '@hotpath/executor-fast';
      const connect = (baseUrl) => createBroker({
        adapter: topstepx({ userName: 'demo', apiKey: 'demo-key', account: 'PRAC-V2-1001', baseUrl, mode: 'paper', paper: { session: 'always' } }),
        executors: { fast: fastExecutor() },
        routing: { version: 1, salt: 'packed', default: { fast: 100 } },
        journal: memoryJournal(),
      });
      const simulator = await import('@hotpath/gateway-sim').catch(() => undefined);
      if (simulator) {
        const gateway = await simulator.startGateway();
        const broker = await connect(gateway.url);
        const { kind, mode } = await broker.placeLimitOrder({ symbol: 'MNQ', side: 'buy', quantity: 1, limitPrice: 20_000 });
        console.log(kind, mode, gateway.truth().orders.length);
        await broker.close();
        await gateway.close();
      } else {
        console.log(await connect('http://127.0.0.1:1').catch(({ code, message }) => code + ' ' + message));
      }
    `;
      writeFileSync(join(folder, 'paper-bot.js'), bot);
      expect(run(process.execPath, ['paper-bot.js'], folder)).toBe('accepted paper 0\n');
      const [here, away] = [
        join(folder, 'node_modules/@hotpath/gateway-sim'),
        join(folder, 'gateway-sim-away'),
      ];
      renameSync(here, away);
      try {
        expect(run(process.execPath, ['paper-bot.js'], folder)).toMatch(
          /^PACKAGE_MISSING .*npm install @hotpath\/gateway-sim$/m,
        );
      } finally {
        renameSync(away, here);
      }
    },
    minutes,
  );

  it(
    'run the simulator by `npx @hotpath/gateway-sim`, with its options, until it is stopped, and compare it by `gateway-conform`',
    async () => {
      expect(run('npx', ['--no-install', '@hotpath/gateway-sim', '--help'], folder)).toContain(
        '--config FILE',
      );
      const wrong = spawnSync('npx', ['--no-install', '@hotpath/gateway-sim', '--prot', '1'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect([wrong.status, wrong.stderr]).toEqual([
        2,
        expect.stringContaining("Unknown option '--prot'"),
      ]);
      writeFileSync(
        join(folder, 'gateway.json'),
        JSON.stringify({
          accounts: [{ id: 700_009, name: 'PRAC-V2-FROM-FILE' }],
          differences: ['opaque-tokens'],
        }),
      );
      // A group of its own, because npx starts what it runs behind a shell.
      const child = spawn(
        'npx',
        ['--no-install', '@hotpath/gateway-sim', '--port', '0', '--config', 'gateway.json'],
        { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      const ended = once(child, 'exit');
      try {
        let printed = '';
        for await (const chunk of child.stdout.setEncoding('utf8')) {
          printed += String(chunk);
          if (printed.includes('record')) break;
        }
        expect(printed).toContain('PRAC-V2-FROM-FILE, id 700009');
        const url = /at (http:\S+) /.exec(printed)?.[1] ?? '';
        const login = await fetch(`${url}/api/Auth/loginKey`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"userName":"demo","apiKey":"demo-key"}',
        });
        expect(await login.json()).toMatchObject({
          success: true,
          token: expect.stringMatching(/^opaque\./),
        });
        const env = {
          ...process.env,
          NODE_OPTIONS: '',
          TOPSTEPX_USERNAME: 'demo',
          TOPSTEPX_API_KEY: 'demo-key',
        };
        const asked = [
          '--no-install',
          '--package',
          '@hotpath/gateway-sim',
          'gateway-conform',
          '--url',
          url,
          '--account',
          'PRAC-V2-FROM-FILE',
          '--only',
          'path-case,token-form',
        ];
        const compared = spawnSync('npx', asked, { cwd: folder, encoding: 'utf8', env });
        expect([compared.status, compared.stdout]).toEqual([
          1,
          expect.stringContaining(
            'token-form: what a token is, and how long it lives\n  the simulator (O): a JWT of 24 h\n  the gateway:      no JWT',
          ),
        ]);
      } finally {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
        await ended;
      }
    },
    minutes,
  );

  it('are all that are published', () => {
    const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
    expect(manifest.match(/@hotpath\//g)).toHaveLength(published.length);
  });

  it('ask of backtest-kit only that it is there', () => {
    const manifest = readFileSync(
      join(folder, 'node_modules/@hotpath/host-backtest-kit/package.json'),
      'utf8',
    );
    expect(JSON.parse(manifest)).toMatchObject({
      peerDependencies: { 'backtest-kit': '>=19 <20' },
    });
    expect(manifest).not.toMatch(/di-kit|di-singleton|functools-kit/);
  });

  it('hold no source condition and nothing of the workspace', () => {
    for (const name of published) {
      const manifest = readFileSync(
        join(folder, 'node_modules/@hotpath', name, 'package.json'),
        'utf8',
      );
      expect(manifest).not.toMatch(/@hotpath\/source|workspace:|catalog:/);
    }
  });
});
