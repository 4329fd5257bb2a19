import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DeliveryProgress } from './delivery-progress.ts';
import type { DeliverOptions } from './executor.ts';
import { createManualClock } from './testing/manual-clock.ts';

const request = {
  template: { operation: 'place', method: 'POST', path: '/place', headers: {} },
  authorization: undefined,
  body: '{}',
} as const;
const answer = { status: 200, headers: {}, body: new Uint8Array() };

function begin(options: Partial<DeliverOptions> = {}) {
  const clock = createManualClock();
  return {
    clock,
    progress: new DeliveryProgress(
      request,
      { deadline: 1000, answerTimeoutMs: 5000, signal: undefined, ...options },
      clock,
    ),
  };
}

describe('DeliveryProgress', () => {
  it('settles once, with what came first', async () => {
    const { progress } = begin();
    progress.writing(() => true);
    progress.answer(answer);
    progress.fail('RESET', 'too late to matter');
    expect(await progress.delivery).toMatchObject({ stage: 'answered', bytes: 'all' });
  });

  it.each([
    [true, { stage: 'sent', bytes: 'all' }],
    [false, { stage: 'writing', bytes: 'maybe' }],
  ])('claims of a write no more than is known: all sent %s', async (sent, expected) => {
    const { progress } = begin();
    progress.writing(() => sent);
    progress.fail('RESET', 'gone');
    expect(await progress.delivery).toMatchObject({ ...expected, failure: { code: 'RESET' } });
  });

  it('tells of a failure what it was, and nothing of what the failure carries', async () => {
    const { progress } = begin();
    const parser = Object.assign(new Error('Expected HTTP/'), {
      code: 'HPE_INVALID_CONSTANT',
      data: 'you sent Authorization: Bearer secret',
    });
    progress.writing(() => true);
    progress.fail('ANSWER_UNREADABLE', 'no answer', parser);
    const delivery = await progress.delivery;
    expect(delivery).toMatchObject({
      failure: { cause: { message: 'Expected HTTP/', code: 'HPE_INVALID_CONSTANT' } },
    });
    expect(inspect(delivery, { depth: 9, showHidden: true })).not.toContain('secret');
  });

  it('proves by a refused write that nothing left', async () => {
    const { progress } = begin();
    progress.writing(() => false);
    progress.writeRefused(new Error('EPIPE'));
    expect(await progress.delivery).toMatchObject({
      stage: 'writing',
      bytes: 'none',
      marks: { written: undefined },
    });
  });

  it('ends by itself while it waits, at its deadline or its signal, and may never be written after', async () => {
    const { clock, progress } = begin();
    progress.wait('connecting');
    clock.advance(1000);
    expect(await progress.delivery).toMatchObject({
      stage: 'connecting',
      bytes: 'none',
      failure: { code: 'DEADLINE' },
    });
    expect(progress.mayBeWritten()).toBe(false);
    const controller = new AbortController();
    const aborted = begin({ signal: controller.signal }).progress;
    aborted.wait('queued');
    controller.abort();
    expect(await aborted.delivery).toMatchObject({
      stage: 'queued',
      bytes: 'none',
      failure: { code: 'ABORTED' },
    });
    expect(aborted.mayBeWritten()).toBe(false);
  });

  it('lets the deadline go once it is written', async () => {
    const { clock, progress } = begin();
    progress.wait('queued');
    expect(progress.mayBeWritten()).toBe(true);
    progress.writing(() => true);
    clock.advance(5000);
    expect(progress.settled).toBe(false);
    progress.answer(answer);
    expect(await progress.delivery).toMatchObject({
      stage: 'answered',
      marks: { queued: 0, written: 0, end: 5000 },
    });
  });
});
