// @runs-what-is-built
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startGateway } from '@hotpath/gateway-sim';

const minutes = 60_000;
it(
  'keeps three processes on one login within its rate limit, one of them killed in the middle',
  async () => {
    const userName = `shared-${process.pid}`;
    const statuses: (number | undefined)[] = [];
    await using gateway = await startGateway({
      users: [{ userName, apiKey: 'demo-key' }],
      rateLimit: { everythingElse: { requests: 100, windowMs: 60_000 } },
      // The venue counts a login by nobody's bucket, since it comes without a token.
      log: ({ path, status }) =>
        void (path.startsWith('/api/') && path !== '/api/Auth/loginKey' && statuses.push(status)),
    });
    const said: string[] = [];
    const bots: ChildProcess[] = Array.from({ length: 3 }, () => {
      const bot = spawn(
        process.execPath,
        [fileURLToPath(new URL('budget-bot.mjs', import.meta.url)), gateway.url, userName],
        { stdio: ['pipe', 'pipe', 'inherit'] },
      );
      bot.stdout
        ?.setEncoding('utf8')
        .on('data', (text: string) => said.push(...text.trim().split('\n')));
      return bot;
    });
    await expect.poll(() => said.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(6);
    bots[0]?.kill('SIGKILL');
    // Until the others have found each other again and nothing more is let through.
    let before = -1;
    while (before !== statuses.length) {
      before = statuses.length;
      await new Promise((resolve) => setTimeout(resolve, 3000));
    }
    const ends = bots.slice(1).map((bot) => once(bot, 'exit'));
    for (const bot of bots.slice(1)) bot.stdin?.end();
    expect(await Promise.all(ends)).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(statuses.filter((status) => status === 429)).toEqual([]);
    expect(statuses.length).toBeLessThanOrEqual(100);
    expect(said.filter((line) => /^\d+$/.test(line)).length).toBeGreaterThanOrEqual(25);
    expect(said.filter((line) => !/^\d+$/.test(line))).toEqual([]);
  },
  2 * minutes,
);
