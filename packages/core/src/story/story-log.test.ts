import { describe, expect, it } from 'vitest';
import { answered, notWritten, silent } from '../testing/scripted-executor.ts';
import { testOrder } from '../testing/scripted-adapter.ts';
import { scriptedBroker } from '../testing/scripted-broker.ts';
import { StoryLog } from './story-log.ts';

const lookup = (clientOrderId: string) => ({ kind: 'lookup', at: 0, clientOrderId, orderId: undefined, by: 'client-order-id', is: 'not-found' }) as const;

describe('the story of an order', () => {
  it('is found by either id, oldest first, and the oldest lines of all go', () => {
    const log = new StoryLog();
    log.add({ ...lookup('Entry'), at: 1 });
    for (let count = 0; count < 9_998; count += 1) log.add(lookup('other'));
    log.add({ ...lookup('entry'), at: 2 });
    expect(log.of('ENTRY', undefined).map(({ at }) => at)).toEqual([1, 2]);
    log.add({ kind: 'lookup', at: 3, clientOrderId: undefined, orderId: '7', by: 'order-id', is: 'found' });
    expect(log.of('entry', '7').map(({ at }) => at)).toEqual([2, 3]);
    expect(log.of('entry', '8').map(({ at }) => at)).toEqual([2]);
  });

  it('tells of takeovers, of silence, of lookups, of rows and of what the bot was told', async () => {
    const order = testOrder({ clientOrderId: 'entry' as never, status: 'working' });
    const { broker } = await scriptedBroker({ fast: () => notWritten(), fallback: () => silent('RESET'), adapter: { find: () => ({ is: 'found', order }) } });
    expect(await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1, clientOrderId: 'entry' })).toMatchObject({ kind: 'accepted', recovered: true });
    const { lines } = await broker.explain('entry');
    expect(lines).toMatchObject([
      { kind: 'delivery', executor: 'fast', because: '', bytes: 'none' },
      { kind: 'delivery', executor: 'fallback', because: expect.stringMatching(/^takeover from fast/), decision: { executor: 'fast' }, meant: 'RESET' },
      { kind: 'lookup', by: 'client-order-id', is: 'found' },
      { kind: 'row', order: { status: 'working' } },
      { kind: 'outcome', operation: 'place', outcome: 'accepted' },
    ]);
    await broker.close();
  });

  it('tells why nothing was sent', async () => {
    const { broker } = await scriptedBroker({ fast: () => answered({ is: 'accepted', orderId: '7' }) });
    await broker.placeMarketOrder({ symbol: 'MNQ', side: 'buy', quantity: 1, clientOrderId: 'entry', dryRun: true });
    expect((await broker.explain('entry')).lines).toMatchObject([{ kind: 'outcome', outcome: 'not-sent', code: 'DRY_RUN' }]);
    await broker.close();
  });
});
