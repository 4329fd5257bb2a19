import { describe, expect, it } from 'vitest';
import { createManualClock } from '../testing/manual-clock.ts';
import { Absence } from './absence.ts';

const looking = () => {
  const clock = createManualClock();
  const absence = new Absence(15_000, clock);
  const look = (afterMs: number, answered = true): boolean => {
    clock.advance(afterMs);
    if (answered) absence.notFound(clock.monotonic());
    else absence.failed();
    return absence.isOver(true);
  };
  return { absence, look };
};

describe('Absence', () => {
  it('takes two lookups, the last begun so long after the connection ended', () => {
    const { look } = looking();
    expect([look(16_000), look(1)]).toEqual([false, true]);
  });

  it('takes twice as long when the stream may have missed it', () => {
    const { absence, look } = looking();
    expect([
      look(10_000),
      look(10_000),
      absence.isOver(false),
      look(10_000),
      absence.isOver(false),
    ]).toEqual([false, true, false, true, true]);
  });

  it('does not count time in which lookups fail, and waits as long again as they failed', () => {
    const { absence, look } = looking();
    look(5000);
    for (let count = 0; count < 6; count += 1) look(10_000, false);
    expect([look(1000), absence.countedMs, absence.neededMs(true)]).toEqual([false, 5000, 61_000]);
    expect([look(50_000), look(6000)]).toEqual([false, true]);
  });

  it('waits two minutes at most', () => {
    const { absence, look } = looking();
    for (let count = 0; count < 60; count += 1) look(60_000, false);
    expect(absence.neededMs(true)).toBe(120_000);
  });

  it('does not count time in which the machine slept between two lookups, where the monotonic clock goes on', () => {
    const { absence, look } = looking();
    look(5000);
    expect([look(3_600_000), absence.countedMs]).toEqual([false, 5000]);
    expect([look(5000), look(5000)]).toEqual([false, true]);
  });
});
