import { expect, it } from 'vitest';
import { startBareHub } from '../testing/bare-hub.ts';
import { HubLink } from './hub-link.ts';

it('takes one message a turn of the event loop, so that an order that falls due in a burst does not wait for all of it', async () => {
  const hub = await startBareHub();
  const order: string[] = [];
  let all: () => void = () => {};
  const taken = new Promise<void>((resolve) => (all = resolve));
  const link = new HubLink({
    url: new URL('/hubs/market', hub.url),
    token: 't',
    ca: undefined,
    heard() {},
    event({ target }) {
      order.push(target);
      setImmediate(() => order.push(`turn after ${target}`));
      if (target === 'Third') setImmediate(all);
    },
    unreadable() {},
    closed() {},
  });
  await link.open();
  // Sent in one tick: they come in one piece.
  for (const target of ['First', 'Second', 'Third']) hub.event(target);
  await taken;
  // In whatever turns they came: what the loop was asked for between two of them was not made to wait for the next.
  expect(order.filter((entry) => !entry.startsWith('turn'))).toEqual(['First', 'Second', 'Third']);
  expect(order.indexOf('turn after First')).toBeLessThan(order.indexOf('Third'));
  link.close('the test is over');
  await hub.close();
});
