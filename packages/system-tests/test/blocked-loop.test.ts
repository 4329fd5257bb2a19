// @runs-what-is-built
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Gateway } from '@hotpath/gateway-sim';
import { startGateway } from '@hotpath/gateway-sim';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const minutes = 60_000;
let gateway: Gateway;
beforeEach(async () => {
  gateway = await startGateway({ priceStepMs: 0, rateLimit: { everythingElse: 'off' } });
});
afterEach(() => gateway.close());

interface Report {
  readonly outcomes: readonly string[];
  readonly told: readonly string[];
  readonly health: { readonly is: string; readonly failures: number } | undefined;
  readonly place:
    | { readonly count: number; readonly distorted: number; readonly p50Us: number | undefined }
    | undefined;
}
interface Run {
  readonly executor: 'fast' | 'fallback';
  readonly scenario: 'compute' | 'compute-at-once' | 'stop';
  readonly ms: number;
  readonly count: number;
  readonly options?: object;
}

async function run({ executor, scenario, ms, count, options = {} }: Run): Promise<Report> {
  const bot = fork(
    fileURLToPath(new URL('computing-bot.mjs', import.meta.url)),
    [gateway.url, executor, scenario, String(ms), String(count), JSON.stringify(options)],
    { execArgv: [] },
  );
  try {
    for (;;) {
      const [said] = (await once(bot, 'message')) as [Report | 'stopping'];
      if (said !== 'stopping') return said;
      await new Promise((resolve) => setTimeout(resolve, ms));
      bot.kill('SIGCONT');
    }
  } finally {
    bot.kill('SIGKILL');
  }
}

/** The answer comes when the loop stands still already. */
const answersLater = { endpoint: 'Order/place', fault: { kind: 'delay', byMs: 400 } } as const;
/** One failure is enough to be taken out of use. */
const health = { failuresInRow: 1 };

describe.each(['fast', 'fallback'] as const)(
  'a bot whose loop stands still behind its order, through the %s executor,',
  (executor) => {
    it(
      'because it computes, gets the answer that was there in time, and no executor is held to be slow or dead',
      async () => {
        gateway.faults.add(answersLater);
        const report = await run({
          executor,
          scenario: 'compute',
          ms: 1_300,
          count: 1,
          options: { health, answerTimeoutMs: 1_000, outcomeWithinMs: 1_200 },
        });
        // What was measured is the bot's computing: it stands in no percentile.
        expect(report).toMatchObject({
          outcomes: [`accepted ${executor}`],
          told: [],
          health: { is: 'closed', failures: 0 },
          place: { count: 1, distorted: 1 },
        });
        expect(gateway.truth().orders).toHaveLength(1);
      },
      minutes,
    );
  },
);

it.runIf(process.platform !== 'win32')(
  'a bot whose process is stopped behind its order gets its answer too',
  async () => {
    gateway.faults.add(answersLater);
    const report = await run({
      executor: 'fast',
      scenario: 'stop',
      ms: 1_500,
      count: 1,
      options: { health, answerTimeoutMs: 1_000, outcomeWithinMs: 1_200 },
    });
    expect(report).toMatchObject({
      outcomes: ['accepted fast'],
      told: [],
      health: { is: 'closed', failures: 0 },
      place: { count: 1, distorted: 1 },
    });
  },
  minutes,
);

it(
  'an executor that writes in a turn after the call is not held to be slow when the bot computes at once',
  async () => {
    const report = await run({
      executor: 'fallback',
      scenario: 'compute-at-once',
      ms: 1_200,
      count: 1,
      options: { health },
    });
    expect(report).toMatchObject({
      outcomes: ['accepted fallback'],
      told: [],
      health: { is: 'closed', failures: 0 },
    });
  },
  minutes,
);

it(
  'a venue that does not answer is told from a loop that stands still now and then',
  async () => {
    gateway.faults.add({
      endpoint: 'Order/place',
      fault: { kind: 'stall', at: 'after-accepting' },
    });
    const report = await run({
      executor: 'fast',
      scenario: 'compute',
      ms: 250,
      count: 7,
      options: { health, answerTimeoutMs: 500, outcomeWithinMs: 1_200 },
    });
    expect(report.told).toContain('executor.tripped fast');
  },
  minutes,
);
