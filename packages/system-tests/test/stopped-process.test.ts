// @runs-what-is-built
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startGateway } from '@hotpath/gateway-sim';

const minutes = 60_000;
// Windows has no signal that stops a process.
it.runIf(process.platform !== 'win32')(
  'a bot that was stopped behind an order reads its answer first, and then what it has missed',
  async () => {
    await using gateway = await startGateway({ priceStepMs: 0 });
    const bot = fork(fileURLToPath(new URL('stopped-bot.mjs', import.meta.url)), [gateway.url], {
      execArgv: [],
    });
    try {
      expect(await once(bot, 'message')).toEqual(['stopping', undefined]);
      await new Promise((resolve) => setTimeout(resolve, 7_000));
      const [ended, [told]] = [
        once(bot, 'exit'),
        await (bot.kill('SIGCONT'), once(bot, 'message')),
      ];
      expect(told).toEqual({
        kind: 'accepted',
        told: [
          expect.stringMatching(
            /^nothing ran for \d+ ms: the machine slept or the process was stopped$/,
          ),
        ],
      });
      expect(await ended).toEqual([0, null]);
    } finally {
      bot.kill('SIGKILL');
    }
    expect(gateway.truth().orders).toHaveLength(1);
  },
  minutes,
);
