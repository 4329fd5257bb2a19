import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { inTime } from './in-time.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('gives up on what never ends, and says what was being done', async () => {
  let doing = 'one at a time';
  const running = inTime(300_000, new Promise(() => {}), () => doing);
  doing = 'busy with hub events';
  const [ended] = await Promise.allSettled([running, vi.advanceTimersByTimeAsync(300_000)]);
  expect(ended).toMatchObject({
    reason: { message: 'Given up after 5 minutes: busy with hub events' },
  });
});

it('settles as what it waits for does, and leaves no timer behind', async () => {
  await expect(inTime(1_000, Promise.resolve(7), () => '')).resolves.toBe(7);
  await expect(inTime(1_000, Promise.reject(new Error('not connected')), () => '')).rejects.toThrow(
    'not connected',
  );
  expect(vi.getTimerCount()).toBe(0);
});
