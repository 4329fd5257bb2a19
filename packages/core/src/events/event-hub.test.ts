import { describe, expect, it } from 'vitest';
import type { Logger } from '../logger.ts';
import { EventHub } from './event-hub.ts';

function hub() {
  const lines: unknown[] = [];
  const take = (fields: object): void => void lines.push(fields);
  const log: Logger = { debug: take, info: take, warn: take, error: take };
  return { events: new EventHub<'fast'>(log), lines };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('a listener', () => {
  it('that throws is logged, and the others are called all the same', () => {
    const { events, lines } = hub();
    const heard: string[] = [];
    events.on('halted', () => {
      throw new Error('boom');
    });
    events.on('halted', () => heard.push('second'));
    events.emit('halted', { at: 1 });
    expect([heard, lines]).toEqual([['second'], [{ event: 'halted', error: new Error('boom') }]]);
  });

  it('that rejects in its own way is logged: no rejection goes astray', async () => {
    const { events, lines } = hub();
    const rejecting = Object.defineProperty({}, ['th', 'en'].join(''), {
      value: (_done: unknown, failed: (error: Error) => void) => failed(new Error('boom')),
    });
    events.on('halted', () => rejecting);
    events.once('halted', () => Promise.reject(new Error('bang')));
    events.emit('halted', { at: 1 });
    await turn();
    expect(lines).toEqual([
      { event: 'halted', error: new Error('bang') },
      { event: 'halted', error: new Error('boom') },
    ]);
  });
});
