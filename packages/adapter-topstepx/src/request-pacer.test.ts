import { expect, it } from 'vitest';
import { createManualClock } from '@hotpath/core/testing';
import { RequestPacer } from './request-pacer.ts';

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

it('lets so many through in a window, the others in the order of the calls', async () => {
  const [clock, pacer, through, { signal }] = [
    createManualClock(),
    new RequestPacer(2, 1_000),
    [] as string[],
    new AbortController(),
  ];
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    void pacer.admit(clock, signal).then(() => through.push(name));
  await turns();
  expect(through).toEqual(['a', 'b']);
  clock.advance(1_000);
  await turns();
  expect(through).toEqual(['a', 'b', 'c', 'd']);
});

it('ends the wait of who is closed at once, and gives the room to the next', async () => {
  const [clock, pacer, through, closed, other] = [
    createManualClock(),
    new RequestPacer(1, 1_000),
    [] as string[],
    new AbortController(),
    new AbortController(),
  ];
  for (const [name, { signal }] of [
    ['a', closed],
    ['b', closed],
    ['c', closed],
    ['d', other],
  ] as const)
    void pacer.admit(clock, signal).then(() => through.push(name));
  await turns();
  expect(through).toEqual(['a']);
  closed.abort();
  await turns();
  expect(through).toEqual(['a', 'b', 'c']);
  clock.advance(1_000);
  await turns();
  expect(through).toEqual(['a', 'b', 'c', 'd']);
});
