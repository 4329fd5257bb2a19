import { silentLogger } from '@hotpath/core';
import { createManualClock } from '@hotpath/core/testing';
import { describe, expect, it } from 'vitest';
import { SliceQueue } from './slice-queue.ts';
import { TaskQueue } from './task-queue.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A queue whose every task takes two fifths of a slice. */
function slowQueues() {
  const clock = createManualClock();
  const [first, second] = [new TaskQueue(), new TaskQueue()];
  const done: string[] = [];
  const task = (name: string) => (): void => {
    clock.advance(0.04);
    done.push(name);
  };
  return { first, second, done, task, queue: new SliceQueue([first, second], clock, silentLogger) };
}

describe('SliceQueue', () => {
  it('does what fits into a tenth of a millisecond at once, and the rest a slice a turn', async () => {
    const { first, done, task, queue } = slowQueues();
    for (let index = 0; index < 8; index += 1) first.push(task(String(index)));
    queue.wake();
    expect(done).toEqual(['0', '1', '2']);
    await turn();
    expect(done).toHaveLength(6);
    await turn();
    expect(done).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  });

  it('lets the first source overtake at every step', async () => {
    const { first, second, done, task, queue } = slowQueues();
    for (const name of ['m1', 'm2', 'm3', 'm4']) second.push(task(name));
    queue.wake();
    first.push(task('u1'));
    await turn();
    expect(done).toEqual(['m1', 'm2', 'm3', 'u1', 'm4']);
  });

  it('goes on after a task that throws, and does not begin a second time from within', async () => {
    const { first, done, task, queue } = slowQueues();
    first.push(() => {
      first.push(task('later'));
      queue.wake();
      done.push('thrown');
      throw new Error('a mistake');
    });
    first.push(task('next'));
    queue.wake();
    await turn();
    expect(done).toEqual(['thrown', 'next', 'later']);
    first.push(task('again'));
    queue.wake();
    expect(done).toHaveLength(4);
  });
});
