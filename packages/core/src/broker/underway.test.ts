import { expect, it } from 'vitest';
import { Underway } from './underway.ts';

it('is over when everything has settled, rejected work included', async () => {
  const underway = new Underway();
  await underway.over();
  const first = deferred();
  const second = deferred();
  underway.add(first.promise);
  underway.add(second.promise);
  let over = false;
  const waited = underway.over().then(() => (over = true));
  first.reject(new Error('broken'));
  await first.promise.catch(() => {});
  await new Promise((resolve) => setImmediate(resolve));
  expect(over).toBe(false);
  second.resolve();
  await waited;
  await underway.over();
});

it('waits for all that has begun, earlier calls included, and for nothing that begins later', async () => {
  const underway = new Underway();
  const first = deferred();
  const second = deferred();
  const told: string[] = [];
  underway.add(first.promise);
  void underway.over().then(() => told.push('first'));
  underway.add(second.promise);
  void underway.over().then(() => told.push('both'));
  underway.add(new Promise(() => {}));
  second.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual([]);
  first.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual(['first', 'both']);
});

function deferred(): {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
} {
  let resolve = (): void => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((accept, refuse) => {
    resolve = accept;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
