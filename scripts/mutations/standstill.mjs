// An event loop that stood still: the bot computed, or its process was stopped.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'who waits hears what has come before calling it overdue',
    without:
      'a bot that computes is told that nobody knows of an order whose answer was there in time',
    edits: [{ safeguard: 'who waits hears what has come before calling it overdue' }],
    tests: [
      {
        file: 'packages/core/src/set-patient-timer.test.ts',
        names: ['be read first where the loop stood still'],
      },
    ],
  },
  {
    name: 'an answer in the kernel is read before it is called overdue',
    without:
      'an executor is called silent, and its connection reset, though its answer came in time',
    edits: [
      {
        safeguard: 'an answer in the kernel is read before it is called overdue',
        replace: 'look();',
      },
    ],
    tests: [
      {
        file: 'packages/executor-fast/src/fast-executor.contract.test.ts',
        names: ['reads an answer that is there before it calls it overdue'],
      },
      {
        file: 'packages/executor-fallback/src/fallback-executor.contract.test.ts',
        names: ['reads an answer that is there before it calls it overdue'],
      },
    ],
  },
  {
    name: 'time in which the loop stood still is not held against an executor',
    without:
      'a bot that computes behind its orders trips its executor, and compares itself with itself in percentiles',
    edits: [{ safeguard: 'time in which the loop stood still is not held against an executor' }],
    tests: [
      {
        file: 'packages/core/src/health/standstill.test.ts',
        names: ['makes no executor look slow', 'holds no deadline against'],
      },
    ],
  },
  {
    name: 'a hub is not called dead by a loop that has not read it',
    without: 'a bot that computes leaves a stream whose answer lies in the kernel, and tells a gap',
    edits: [{ safeguard: 'a hub is not called dead by a loop that has not read it' }],
    tests: [
      {
        file: 'packages/adapter-topstepx/src/hubs/hub-watch.test.ts',
        names: ['whose answer it has not read'],
      },
    ],
  },
  {
    name: 'a stop is not missed by a loop that could not hear of it',
    without:
      'a bot that computed behind a fill is told that it holds a position without its stop, and has it closed though the stop works',
    edits: [{ safeguard: 'a stop is not missed by a loop that could not hear of it' }],
    tests: [
      {
        file: 'packages/system-tests/test/own-oco-unprotected.test.ts',
        names: ['had not read of the stop that works'],
      },
    ],
  },
];
