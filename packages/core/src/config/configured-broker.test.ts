import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createBroker } from '../create-broker.ts';
import { defineAdapter } from '../define-adapter.ts';
import { defineExecutor } from '../define-executor.ts';
import { scriptedAdapter, testContract } from '../testing/scripted-adapter.ts';
import { answered, scriptedExecutor } from '../testing/scripted-executor.ts';
import { createRegistry } from './registry.ts';

const nothing = (): void => undefined;
const accepted = answered({ is: 'accepted', orderId: '3400000001' });

const adapterFactory = defineAdapter({
  name: 'scripted',
  apiVersion: 1,
  options: z.strictObject({ account: z.string() }),
  capabilities: {
    orderTypes: ['market'],
    orderId: { pattern: /./, description: 'text' },
    clientOrderId: { maxLength: 64, reservedSuffixes: [], unique: 'for-ever' },
    modify: 'in-place',
    closePosition: true,
    reducePosition: true,
    brackets: 'none',
    rateLimit: undefined,
  },
  setup: (context) =>
    scriptedAdapter({ contracts: [testContract({ root: 'MNQ' })] }).setup(context),
});
const connections = z.strictObject({
  connections: z.int().min(1).optional(),
  tls: z.strictObject({ ca: z.string().optional() }).optional(),
});
const executorFactory = (name: string) =>
  defineExecutor({
    name,
    apiVersion: 1,
    options: connections,
    setup: (context) => scriptedExecutor(() => accepted).setup(context),
  });
const registry = createRegistry()
  .use(adapterFactory)
  .use(executorFactory('fast'))
  .use(executorFactory('fallback'));

const config = {
  version: 1,
  adapter: { use: 'scripted', options: { account: 'PRAC-V2-1001' } },
  executors: {
    fast: { use: 'fast', required: true, options: { connections: 4 } },
    fallback: { use: 'fallback' },
  },
  routing: './routing.json',
  journal: { file: './orders.journal' },
};
const routing = { version: 1, salt: '2026-w48', default: { fast: 100, fallback: 0 } };
const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hotpath-config-'));
  path = join(folder, 'hotpath.config.json');
  write(config);
  writeFileSync(join(folder, 'routing.json'), JSON.stringify(routing));
});
afterEach(() => rmSync(folder, { recursive: true }));
function write(content: object): void {
  writeFileSync(path, JSON.stringify(content));
}
async function problemsOf(content: object): Promise<readonly string[]> {
  write(content);
  const error: unknown = await createBroker({ registry, config: path }).then(
    (broker) => broker.close(),
    (reason: unknown) => reason,
  );
  return z
    .object({ code: z.literal('INVALID_OPTIONS'), problems: z.array(z.string()) })
    .parse(error).problems;
}

describe('a broker by config', () => {
  it('trades with the plugins the file names, its paths relative to the file', async () => {
    await using broker = await createBroker({
      registry,
      config: path,
      log: { debug: nothing, info: nothing, warn: nothing, error: nothing },
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'accepted',
      executor: 'fast',
    });
    expect(
      (await broker.explain(broker.intents()[0]?.clientOrderId ?? '')).records.map(
        ({ kind }) => kind,
      ),
    ).toEqual(['intent', 'outcome']);
    expect(broker.executors()).toMatchObject({
      fast: { plugin: 'fast', available: true },
      fallback: { plugin: 'fallback' },
    });
  });

  it('takes the same as an object, with the table in it', async () => {
    await using broker = await createBroker({
      registry,
      config: {
        ...config,
        version: 1,
        routing: { ...routing, version: 1 },
        journal: { memory: true },
      },
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({ kind: 'accepted' });
  });

  it('keeps the limits that stand in the file', async () => {
    await using broker = await createBroker({
      registry,
      config: {
        ...config,
        version: 1,
        routing: { ...routing, version: 1 },
        journal: { memory: true },
        limits: { maxContracts: 0 },
      },
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'not-sent',
      code: 'LIMIT_EXCEEDED',
      field: 'limits.maxContracts',
    });
    expect(
      await problemsOf({
        ...config,
        limits: {
          maxContracts: -5,
          tradingHours: { from: '25:00', to: '15:10', timeZone: 'Chicago' },
        },
      }),
    ).toEqual([
      expect.stringMatching(/^limits\.maxContracts: /),
      'limits.tradingHours.from: must be HH:MM',
      'limits.tradingHours.timeZone: is no time zone such as America/Chicago',
    ]);
  });

  it('names every problem at once, by its path', async () => {
    expect(
      await problemsOf({
        ...config,
        adapter: { use: 'scripted', options: {} },
        executors: {
          fast: { use: 'fast', options: { conections: 4, tls: { caa: 'x' } } },
          other: { use: 'scripted' },
          fallback: { use: 'fallback' },
        },
        routing: {
          ...routing,
          default: { fast: 50, fallback: 40, other: 0 },
          ramp: { executor: 'other', steps: [5, 1] },
        },
      }),
    ).toEqual([
      expect.stringMatching(/^adapter\.options\.account: /),
      'executors.fast.options.tls.caa: is no field here; did you mean "ca"?',
      'executors.fast.options.conections: is no field here; did you mean "connections"?',
      'executors.other.use: "scripted" is an adapter, not an executor',
      'routing.default: adds up to 90, must be 100',
      'routing.ramp.executor: "other" is the last of default, which takes what a ramp leaves; put another last',
      'routing.ramp.steps.1: 1 does not rise above 5',
    ]);
  });

  it('names misspelt fields of the file itself', async () => {
    expect(
      await problemsOf({
        ...config,
        adaptor: config.adapter,
        executors: { fast: { use: 'fast', require: true } },
      }),
    ).toEqual(
      expect.arrayContaining([
        'adaptor: is no field here; did you mean "adapter"?',
        'executors.fast.require: is no field here; did you mean "required"?',
      ]),
    );
  });

  it('an adapter that is not to be had is an error', async () => {
    expect(await problemsOf({ ...config, adapter: { use: 'scriptd' } })).toEqual([
      expect.stringMatching(
        /^adapter\.use: "scriptd" is no adapter of the registry \(scripted\).*did you mean "scripted"/,
      ),
    ]);
  });

  it('an executor that is not to be had is not available, and its keys go to the next in order', async () => {
    write({
      ...config,
      executors: { fast: { use: 'hotpath-executor-nobody-wrote' }, fallback: { use: 'fallback' } },
    });
    await using broker = await createBroker({ registry, config: path });
    expect(broker.executors()['fast']).toMatchObject({
      available: false,
      reason: expect.stringMatching(/can't be imported as a package \(MODULE_NOT_FOUND\)/),
    });
    expect(await broker.placeMarketOrder(market)).toMatchObject({
      kind: 'accepted',
      executor: 'fallback',
    });
  });

  it('... and an error when it is required', async () => {
    write({
      ...config,
      executors: {
        fast: { use: 'hotpath-executor-nobody-wrote', required: true },
        fallback: { use: 'fallback' },
      },
    });
    await expect(createBroker({ registry, config: path })).rejects.toMatchObject({
      code: 'EXECUTOR_UNAVAILABLE',
      message: expect.stringMatching(/executors\.fast is required/),
    });
  });

  it.each([
    '../third.js',
    './third.js',
    '/tmp/third.js',
    'file:///tmp/third.js',
    'https://example.org/third.js',
    'C:\\third.js',
    '..\\third.js',
    'node:fs',
    'fs',
    'fs/promises',
    'third/../../x',
    'data:text/javascript,0',
    '.',
    '..',
    'a b',
    '@scope',
    'third/',
  ])('a plugin that is named by %s is refused: it is no package', async (use) => {
    writeFileSync(join(folder, 'third.js'), 'globalThis.wasRun = true;');
    const right =
      'must be a name in the registry, or a package that is installed beside the config file; a file of your own is registered in code, with createRegistry().use(factory)';
    for (const executors of [{ fast: { use }, fallback: { use: 'fallback' } }]) {
      expect(await problemsOf({ ...config, executors })).toEqual([
        expect.stringMatching(
          /^executors\.fast\.use: ".*" is (?:no package|a module of Node), must be/,
        ),
      ]);
      expect((await problemsOf({ ...config, executors }))[0]).toContain(right);
    }
    expect('wasRun' in globalThis).toBe(false);
  });

  it('a factory that throws is named', async () => {
    const throwing = Object.assign(
      (): never => {
        throw new TypeError('boom');
      },
      { kind: 'executor', pluginName: 'throwing', apiVersion: 1, options: {} },
    );
    registry.use(throwing as never);
    expect(
      await problemsOf({
        ...config,
        executors: { fast: { use: 'throwing' }, fallback: { use: 'fallback' } },
      }),
    ).toEqual(['executors.fast.options: throwing threw: boom']);
  });

  describe('a plugin from a package', () => {
    function installPackage(name: string, code: string): void {
      const home = join(folder, 'node_modules', name);
      mkdirSync(home, { recursive: true });
      writeFileSync(
        join(home, 'package.json'),
        JSON.stringify({ name, type: 'module', exports: { '.': { default: './index.js' } } }),
      );
      writeFileSync(join(home, 'index.js'), code);
    }
    const executorCode = (extra: string): string => `
      const executor = { state: { is: 'ready', idleConnections: 1, busyConnections: 0 }, connect: async () => {}, close: async () => {},
        deliver: async () => ({ stage: 'answered', bytes: 'all', marks: { queued: 0, end: 0 }, answer: { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify({ is: 'accepted', orderId: '7' })) } }) };
      const plugin = { kind: 'executor', pluginName: 'third', apiVersion: 1, setup: () => executor };
      export const third = Object.assign(() => plugin, { kind: 'executor', pluginName: 'third', apiVersion: 1, options: {} });
      ${extra}`;

    it('is found from where the file stands', async () => {
      installPackage('third-executor', executorCode(''));
      write({
        ...config,
        executors: { fast: { use: 'third-executor' }, fallback: { use: 'fallback' } },
      });
      await using broker = await createBroker({ registry, config: path });
      expect(await broker.placeMarketOrder(market)).toMatchObject({
        kind: 'accepted',
        executor: 'fast',
        orderId: '7',
      });
      expect(broker.executors()['fast']).toMatchObject({ plugin: 'third' });
    });

    it('may be one entry of a package', async () => {
      installPackage('@acme/executors', executorCode(''));
      const manifest = join(folder, 'node_modules', '@acme/executors', 'package.json');
      writeFileSync(
        manifest,
        JSON.stringify({
          name: '@acme/executors',
          type: 'module',
          exports: { './slow': './index.js' },
        }),
      );
      write({
        ...config,
        executors: { fast: { use: '@acme/executors/slow' }, fallback: { use: 'fallback' } },
      });
      await using broker = await createBroker({ registry, config: path });
      expect(broker.executors()['fast']).toMatchObject({ plugin: 'third' });
    });

    it.each([
      ['exports no plugin', 'export const nothing = 1;', /exports no plugin/],
      [
        'exports two',
        executorCode(
          'export const fourth = Object.assign(() => plugin, { kind: "executor", pluginName: "fourth", apiVersion: 1, options: {} });',
        ),
        /exports fourth and third/,
      ],
      [
        'was made for another version',
        'export const old = Object.assign(() => {}, { kind: "executor", pluginName: "old", apiVersion: 2 });',
        /^executors\.fast\.use: old was made for version 2 of the plugin interface \(package third-executor\), this is version 1 .*update @hotpath\/core to a release that has version 2$/,
      ],
    ])('is refused when it %s', async (_name, code, message) => {
      installPackage('third-executor', code);
      expect(
        await problemsOf({
          ...config,
          executors: { fast: { use: 'third-executor' }, fallback: { use: 'fallback' } },
        }),
      ).toEqual([expect.stringMatching(message)]);
    });
  });

  it('names a file that is missing or is no JSON', async () => {
    await expect(
      createBroker({ registry, config: join(folder, 'nowhere.json') }),
    ).rejects.toThrowError(/nowhere\.json: file: can't be read \(ENOENT\)/);
    writeFileSync(join(folder, 'routing.json'), '{ "version": 1,');
    await expect(createBroker({ registry, config: path })).rejects.toThrowError(
      /routing\.json: file: is no JSON/,
    );
  });
});
