import { describe, expect, it } from 'vitest';
import { setPatientTimer } from './set-patient-timer.ts';
import { setRunningTimer } from './set-running-timer.ts';
import { createManualClock } from './testing/manual-clock.ts';

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('a timer for what somebody waits for from outside', () => {
  it('fires at its instant where the loop turns', () => {
    const clock = createManualClock();
    const fired: number[] = [];
    setPatientTimer(clock, 1_000, () => fired.push(clock.monotonic()));
    clock.advance(5_000);
    expect(fired).toEqual([1_000]);
  });

  it('lets what has come be read first where the loop stood still', async () => {
    const clock = createManualClock();
    const heard: string[] = [];
    const timer = setPatientTimer(clock, 1_000, () => heard.push('overdue'));
    // What the kernel has comes in the turns after it, and takes the timer back.
    setImmediate(() =>
      setImmediate(() => {
        heard.push('answer');
        timer.cancel();
      }),
    );
    clock.standStill(3_000);
    clock.advance(1);
    await turns(60);
    expect(heard).toEqual(['answer']);
  });

  it('fires then where nothing has come', async () => {
    const clock = createManualClock();
    const heard: string[] = [];
    setPatientTimer(clock, 1_000, () => heard.push('overdue'));
    clock.standStill(3_000);
    clock.advance(1);
    expect(heard).toEqual([]);
    await turns(60);
    expect(heard).toEqual([]);
    // As long as it was late, but no longer than its own time.
    clock.advance(999);
    await turns(60);
    expect(heard).toEqual([]);
    clock.advance(1);
    await turns(60);
    expect(heard).toEqual(['overdue']);
  });

  it('lets what has come be read also where it is hardly late', async () => {
    const clock = createManualClock();
    const heard: string[] = [];
    setPatientTimer(clock, 1_000, () => heard.push('overdue'));
    clock.standStill(1_001);
    clock.advance(0);
    expect(heard).toEqual([]);
    await turns(60);
    expect(heard).toEqual(['overdue']);
  });

  it('waits a while longer once, however often the loop stands still', async () => {
    const clock = createManualClock();
    const heard: string[] = [];
    setPatientTimer(clock, 1_000, () => heard.push('overdue'));
    for (let time = 0; time < 2; time += 1) {
      clock.standStill(3_000);
      clock.advance(0);
      await turns(60);
    }
    expect(heard).toEqual(['overdue']);
  });
});

describe('a timer that counts only time in which the loop ran', () => {
  it('is an ordinary one where the loop turns', () => {
    const clock = createManualClock();
    const fired: number[] = [];
    setRunningTimer(clock, 1_050, () => fired.push(clock.monotonic()));
    clock.advance(5_000);
    expect(fired).toEqual([1_050]);
  });

  it('goes on for as long as the loop stood still', () => {
    const clock = createManualClock();
    const fired: number[] = [];
    setRunningTimer(clock, 1_000, () => fired.push(clock.monotonic()));
    clock.advance(300);
    clock.standStill(5_000);
    clock.advance(599);
    expect(fired).toEqual([]);
    clock.advance(1);
    expect(fired).toEqual([5_900]);
  });

  it('can be taken back', async () => {
    const clock = createManualClock();
    const fired: number[] = [];
    const timer = setRunningTimer(clock, 1_000, () => fired.push(1));
    clock.advance(950);
    clock.standStill(5_000);
    clock.advance(1);
    timer.cancel();
    clock.advance(10_000);
    await turns(60);
    expect(fired).toEqual([]);
  });
});
