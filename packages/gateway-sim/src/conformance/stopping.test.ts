import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { stopping } from './stopping.ts';

it.each([
  ['SIGINT', 'SIGINT', 'stopped by SIGINT'],
  ['SIGHUP', 'SIGHUP', 'stopped by SIGHUP'],
  ['uncaughtException', new Error('no such thing'), 'a fault of this program: no such thing'],
  ['unhandledRejection', 'refused', 'a fault of this program: refused'],
] as const)('ends the run and not the process at %s, and each time after', (event, given, why) => {
  const process = new EventEmitter();
  const said: string[] = [];
  const end = stopping(process, (line) => said.push(line));
  expect([
    process.emit(event, given),
    process.emit(event, given),
    process.emit('SIGTERM', 'SIGTERM'),
  ]).toEqual([true, true, true]);
  expect((end.signal.reason as Error).message).toBe(why);
  expect(said).toEqual(
    event.startsWith('SIG') ? [`${event}: stopping, and cancelling what was placed`] : [],
  );
  end.done();
  expect(process.eventNames()).toEqual([]);
});
