import { describe, expect, it } from 'vitest';
import { createBroker } from '../create-broker.ts';
import type { RolloutChanged } from '../events/event-map.ts';
import type { Executor } from '../executor.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import type { ExecutorPlugin } from '../plugin.ts';
import type { PreparedRequest } from '../request.ts';
import type { ManualClock } from '../testing/manual-clock.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { scriptedAdapter, testContract } from '../testing/scripted-adapter.ts';
import type { ScriptedExecutor } from '../testing/scripted-executor.ts';
import { answered, scriptedExecutor } from '../testing/scripted-executor.ts';

type Key = 'fast' | 'fallback';
const market = { symbol: 'MNQ', side: 'buy', quantity: 1 } as const;
const wire = ({ template, body }: PreparedRequest): Uint8Array =>
  Buffer.from(
    `${template.method} ${template.path} HTTP/1.1\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );

function withEncode(
  executor: ScriptedExecutor,
  encode: Executor['encode'] | undefined,
): ExecutorPlugin {
  return {
    ...executor,
    async setup(context) {
      const made = await executor.setup(context);
      return {
        connect: () => made.connect(),
        deliver: (request, options) => made.deliver(request, options),
        close: () => made.close(),
        state: { is: 'ready', idleConnections: 1, busyConnections: 0 },
        ...(encode && { encode }),
      };
    },
  };
}

async function trial(
  encodeOf: { readonly fast?: Executor['encode']; readonly fallback?: Executor['encode'] },
  shadow = true,
) {
  const clock: ManualClock = createManualClock();
  let orders = 0;
  const accept = (): ReturnType<typeof answered> =>
    answered({ is: 'accepted', orderId: String((orders += 1)) });
  const [fast, fallback] = [scriptedExecutor(accept), scriptedExecutor(accept)];
  const warnings: object[] = [];
  const nothing = (): void => undefined;
  const broker = await createBroker<Key>({
    adapter: scriptedAdapter({ contracts: [testContract({ root: 'MNQ' })] }),
    executors: {
      fast: withEncode(fast, encodeOf.fast),
      fallback: withEncode(fallback, encodeOf.fallback),
    },
    routing: { version: 1, salt: 's', default: { fast: 0, fallback: 100 }, shadow },
    journal: memoryJournal(),
    clock,
    log: {
      debug: nothing,
      info: nothing,
      warn: (fields) => void warnings.push(fields),
      error: nothing,
    },
  });
  const changes: RolloutChanged<Key>[] = [];
  broker.on('rollout.changed', (change) => changes.push(change));
  const settle = async (): Promise<void> => {
    clock.advance(1);
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };
  return { broker, fast, fallback, changes, warnings, settle };
}

describe('shadow', () => {
  it('has the other executor encode every order, after it left, and sends nothing with it', async () => {
    const { broker, fast, fallback, changes, settle } = await trial({ fast: wire, fallback: wire });
    for (let index = 0; index < 10; index += 1) {
      const placing = broker.placeMarketOrder(market);
      expect(broker.metrics().shadow.fast?.compared ?? 0).toBe(index);
      await placing;
      await settle();
    }
    expect([fast.deliveries.length, fallback.deliveries.length, changes]).toEqual([0, 10, []]);
    expect(broker.metrics().shadow).toMatchObject({
      fast: { compared: 10, differences: 0, failures: 0, encode: { p50Us: expect.any(Number) } },
      fallback: { compared: 0 },
    });
    await broker.close();
  });

  it('a difference is hard evidence against the one that is not the last, and names the part without its content', async () => {
    const { broker, changes, settle } = await trial({
      fast: (request) => wire({ ...request, body: request.body.replace('buy', 'sel') }),
      fallback: wire,
    });
    await broker.placeMarketOrder(market);
    await settle();
    expect(changes).toMatchObject([
      {
        executor: 'fast',
        cause: 'evidence',
        toPercent: 0,
        because: 'In shadow, two executors made different bytes of one place: the body.',
        evidence: { of: 'shadow-difference', difference: 'the body' },
      },
    ]);
    expect(broker.metrics()).toMatchObject({
      shadow: { fast: { compared: 1, differences: 1 } },
      rollout: { latches: [{ executor: 'fast', hard: true }] },
    });
    await broker.close();
  });

  it('says once that an executor can not be compared, and counts one that fails to encode', async () => {
    const { broker, changes, warnings, settle } = await trial({ fallback: wire });
    for (let index = 0; index < 3; index += 1) await broker.placeMarketOrder(market);
    await settle();
    expect([warnings, changes]).toEqual([[{ account: 'PRAC-V2-1001', executor: 'fast' }], []]);
    await broker.close();
    const failing = await trial({ fast: () => Promise.reject(new Error('no')), fallback: wire });
    await failing.broker.placeMarketOrder(market);
    await failing.settle();
    expect(failing.broker.metrics().shadow).toMatchObject({ fast: { compared: 0, failures: 1 } });
    await failing.broker.close();
  });

  it('does nothing unless the table says so', async () => {
    const { broker, settle } = await trial({ fast: wire, fallback: wire }, false);
    await broker.placeMarketOrder(market);
    await settle();
    expect(broker.metrics().shadow).toEqual({});
    await broker.close();
  });
});
