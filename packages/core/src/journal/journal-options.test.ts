import { describe, expect, it } from 'vitest';
import { fileJournal } from './file-journal.ts';
import { memoryJournal } from './memory-journal.ts';

describe('the options of a journal', () => {
  it.each([
    [
      () => fileJournal('x', { fync: 'each' } as never),
      'fileJournal: fync: is no field here; did you mean "fsync"?',
    ],
    [() => fileJournal('x', { fsync: 'always' } as never), 'fileJournal: fsync:'],
    [() => fileJournal('x', { rotateAtBytes: NaN }), 'fileJournal: rotateAtBytes:'],
    [() => fileJournal('x', { rotateAtBytes: -1 }), 'fileJournal: rotateAtBytes:'],
    [() => fileJournal('x', null as never), 'fileJournal: options:'],
    [() => fileJournal('', {}), 'fileJournal: path: is "", must be the path of a file'],
    [() => fileJournal(undefined as never), 'fileJournal: path: is undefined'],
    [
      () => memoryJournal({ limits: 5 } as never),
      'memoryJournal: limits: is no field here; did you mean "limit"?',
    ],
    [() => memoryJournal({ limit: 0 }), 'memoryJournal: limit:'],
    [() => memoryJournal({ random: 5 as never }), 'memoryJournal: random: must be a function'],
  ])('are refused by name: %#', (make, problem) => {
    expect(make).toThrow(problem);
  });
});
