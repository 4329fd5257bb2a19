// Getting out of the market.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'latch check',
    without: 'what is on its way at a halt goes on',
    edits: [{ safeguard: 'latch check' }],
    tests: [{ file: 'packages/system-tests/test/rows/halt-rows.test.ts', names: ['H01'] }],
  },
  {
    name: 'a close that is open is joined',
    without: 'every exit sends a close of its own',
    edits: [{ safeguard: 'a close that is open is joined' }],
    tests: [{ file: 'packages/system-tests/test/rows/joined-exit-rows.test.ts', names: ['K06'] }],
  },
  {
    name: 'no entry behind an open close',
    without: 'what enters is closed by a close that comes late',
    edits: [{ safeguard: 'no entry behind an open close', replace: 'if (false) {' }],
    tests: [{ file: 'packages/system-tests/test/rows/exit-rows.test.ts', names: ['K02'] }],
  },
  {
    name: 'no entry behind the close of a killed process',
    without: 'what enters after a restart is closed by a close from before it',
    edits: [{ safeguard: 'no entry behind the close of a killed process' }],
    tests: [
      {
        file: 'packages/core/src/recovery/recovery.test.ts',
        names: ['lets nothing enter a contract whose close was on its way'],
      },
    ],
  },
  {
    name: 'no exit by a read from before another one ended',
    without: 'a second reduce takes off what the first has taken off already',
    edits: [
      { safeguard: 'no exit by a read from before another one ended', replace: '} while (false);' },
    ],
    tests: [
      {
        file: 'packages/core/src/broker/close-positions.test.ts',
        names: ['does not act on a read from before another one ended'],
      },
    ],
  },
  {
    name: 'legs go behind every close',
    without: 'a close whose end came late leaves a stop that opens a position of its own',
    edits: [{ safeguard: 'legs go behind every close' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/exit-rows.test.ts',
        names: ['K05.*of a close whose end was not known at first too'],
      },
    ],
  },
  {
    name: 'a reduce is never repeated',
    without: 'a reduce that nothing shows is sent again',
    edits: [{ safeguard: 'a reduce is never repeated' }],
    tests: [{ file: 'packages/system-tests/test/rows/exit-rows.test.ts', names: ['K04'] }],
  },
  {
    name: 'no close again behind a gap',
    without: 'a close is sent again though its own order may have been missed',
    edits: [{ safeguard: 'no close again behind a gap' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/exit-rows.test.ts',
        names: ['K02.*never behind a gap'],
      },
    ],
  },
  {
    name: 'exits of one contract wait for each other',
    without: 'a close beside a reduce on its way takes off what the reduce takes off as well',
    edits: [{ safeguard: 'exits of one contract wait for each other' }],
    tests: [
      {
        file: 'packages/core/src/outcomes/close-search.test.ts',
        names: [
          'a close is sent when the bot has been told of the reduce',
          'a second reduce waits for the first one',
        ],
      },
      {
        file: 'packages/system-tests/test/rows/joined-exit-rows.test.ts',
        names: ['K06 .*behind a reduce it waits'],
      },
    ],
  },
  {
    name: 'an exit whose order was not seen to end may be at work',
    without:
      'a close beside one that fills in parts, and whose event was lost, turns the position round',
    edits: [
      {
        safeguard: 'an exit whose order was not seen to end may be at work',
        replace: 'return undefined;',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/broker/exits-at-work.test.ts',
        names: ['is not sent beside the order of an earlier close, by the list of orders'],
      },
    ],
  },
  {
    name: 'an order that a list does not show may be at work',
    without:
      'a close beside one that is pending, which the list of open orders lacks, turns the position round',
    edits: [
      {
        safeguard: 'an order that a list does not show may be at work',
        replace: 'return rows.filter(takesOff);',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/broker/exits-at-work.test.ts',
        names: ['is not sent while the list lacks an order that is pending'],
      },
    ],
  },
  {
    name: 'an order of an earlier process may be at work',
    without:
      'a close before the first events is sent beside one of an earlier process that still fills',
    edits: [
      {
        safeguard: 'an order of an earlier process may be at work',
        replace: 'if (!isKnown) return undefined;',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/broker/exits-at-work.test.ts',
        names: ['is not sent beside an order of an earlier process'],
      },
    ],
  },
  {
    name: 'no close again before the list of orders was asked',
    without: 'a close whose event is late is sent a second time',
    edits: [{ safeguard: 'no close again before the list of orders was asked' }],
    tests: [
      {
        file: 'packages/core/src/broker/exits-at-work.test.ts',
        names: ['is not sent again where the list of orders shows it'],
      },
    ],
  },
  {
    name: 'positions are never behind the outcome of an exit',
    without: 'a bot that was told flat reads the position as held, and closes it again',
    edits: [
      {
        safeguard: 'positions are never behind the outcome of an exit',
        replace: 'if (!fresh && state.isLive) return state.positions.all();',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/broker/exits-at-work.test.ts',
        names: ['positions are not behind what a bot was told'],
      },
    ],
  },
  {
    name: 'a look for nothing in particular keeps nobody from getting out',
    without: 'a close at a start waits for a list of orders that never comes',
    edits: [
      {
        safeguard: 'a look for nothing in particular keeps nobody from getting out',
        replace: 'const bound = deadline;',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/broker/exits-at-work.test.ts',
        names: ['leaves though the list of orders never comes'],
      },
    ],
  },
];
