import { describe, expect, it } from 'vitest';
import { holderSentence, lockInfoOf } from './lock-info.ts';

describe('who holds a journal', () => {
  const since = Date.UTC(2026, 10, 30, 16);

  it('is told with process, host, time, adapter, venue and account', () => {
    expect(
      holderSentence(
        {
          pid: 4711,
          host: 'desk',
          since,
          adapter: 'topstepx',
          baseUrl: 'https://api.example',
          scope: 'https://api.example account 7',
          answers: true,
        },
        'desk',
      ),
    ).toBe(
      'process 4711 on host "desk" holds it since 2026-11-30T16:00:00.000Z (adapter topstepx, https://api.example, https://api.example account 7).',
    );
  });

  it('is told with the name of the container, whose processes count by themselves', () => {
    expect(holderSentence({ pid: 1, host: '3f2a', since, answers: true }, 'desk')).toContain(
      'process 1 on host "3f2a" (not this one, "desk": a container has a host name of its own and counts its processes by itself)',
    );
  });

  it('is told as far as it is known, when it does not answer', () => {
    expect(holderSentence({ pid: 12, answers: false }, 'desk')).toBe(
      'process 12 holds it. It does not answer: it is stopped, or computes.',
    );
    expect(holderSentence({ answers: false }, 'desk')).toBe(
      'a process holds it. It does not answer: it is stopped, or computes.',
    );
  });

  it('is believed only where the answer is one', () => {
    expect(lockInfoOf({ pid: 1, host: 'a', since: 2, adapter: 3, scope: 'x'.repeat(500) })).toEqual(
      {
        pid: 1,
        host: 'a',
        since: 2,
        adapter: undefined,
        baseUrl: undefined,
        scope: 'x'.repeat(200),
      },
    );
    for (const nonsense of [
      undefined,
      null,
      'x',
      {},
      { pid: '1', host: 'a', since: 2 },
      { pid: 1, host: 'a', since: 1e99 },
    ])
      expect(lockInfoOf(nonsense)).toBeUndefined();
  });
});
