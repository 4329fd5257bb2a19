// What else of the author's stands beside the order path: loggers, options, listeners, clocks, tables and makers of ids.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'a logger that throws',
    without: 'a logger that throws ends the call or the timer that logs',
    edits: [{ safeguard: 'a logger that throws', replace: 'given[level](fields, message);' }],
    tests: [{ file: 'packages/core/src/guarded-log.test.ts', names: ['loses its methods'] }],
  },
  {
    name: 'a logger that rejects',
    without: 'a promise that a logger gives and that rejects ends the process',
    edits: [{ safeguard: 'a logger that rejects' }],
    tests: [{ file: 'packages/core/src/guarded-log.test.ts', names: ['gives odd things back'] }],
  },
  {
    name: 'the console logger does not throw',
    without: 'a line that can not be written throws where it is logged',
    edits: [
      {
        safeguard: 'the console logger does not throw',
        replace: 'writeLine(process.stderr, lineOf(own, fields, message), failed);',
      },
    ],
    tests: [
      { file: 'packages/core/src/guarded-log.test.ts', names: ['tells what it could not write'] },
    ],
  },
  {
    name: 'a log whose reader has gone',
    without: 'the first line behind a reader that has gone ends the process',
    edits: [{ safeguard: 'a log whose reader has gone' }],
    tests: [{ file: 'packages/core/src/write-line.test.ts', names: ['ends no process'] }],
  },
  {
    name: 'a gateway log that throws',
    without: "a simulator ends by its author's log",
    edits: [{ safeguard: 'a gateway log that throws', replace: 'void log(entry);' }],
    tests: [
      {
        file: 'packages/gateway-sim/src/gateway-options.test.ts',
        names: ['rejects ends no gateway'],
      },
    ],
  },
  {
    name: 'unknown names are refused',
    without: 'an option under a misspelt name is dropped without a word',
    edits: [{ safeguard: 'unknown names are refused' }],
    tests: [
      {
        file: 'packages/core/src/broker/broker-options.test.ts',
        names: ['riskLimits.*refused by name'],
      },
    ],
  },
  {
    name: 'hours without a span',
    without: 'hours that begin and end at one time are taken, and refuse every entry',
    edits: [{ safeguard: 'hours without a span' }],
    tests: [
      { file: 'packages/core/src/broker/broker-options.test.ts', names: ['hours from 17:00'] },
    ],
  },
  {
    name: 'limits under a name that counts nothing are refused',
    without: "a limit under a month's name is taken, and holds for nothing",
    edits: [{ safeguard: 'limits under a name that counts nothing are refused' }],
    tests: [
      {
        file: 'packages/core/src/broker/broker-options.test.ts',
        names: ['no order is counted under'],
      },
    ],
  },
  {
    name: 'a market listener that rejects',
    without: 'a market listener that rejects ends the process',
    edits: [{ safeguard: 'a market listener that rejects' }],
    tests: [
      {
        file: 'packages/core/src/guests/odd-adapters.test.ts',
        names: ['or a listener that fails'],
      },
    ],
  },
  {
    name: 'a listener that rejects',
    without: 'a listener that rejects ends the process',
    edits: [{ safeguard: 'a listener that rejects' }],
    tests: [
      { file: 'packages/core/src/events/event-hub.test.ts', names: ['rejects in its own way'] },
    ],
  },
  {
    name: 'a clock that throws',
    without: 'a clock that throws ends whatever looks at it',
    edits: [{ safeguard: 'a clock that throws', replace: 'return this.#inner.now();' }],
    tests: [
      { file: 'packages/core/src/guests/guarded-clock.test.ts', names: ['keeps the last time'] },
    ],
  },
  {
    name: 'chance that throws',
    without: 'chance that throws ends whatever draws',
    edits: [{ safeguard: 'chance that throws', replace: 'return given();' }],
    tests: [{ file: 'packages/core/src/guests/guarded-clock.test.ts', names: ['in its place'] }],
  },
  {
    name: 'a source of tables without a pause',
    without: 'a source that always has another table lets nothing else run',
    edits: [
      {
        safeguard: 'a source of tables without a pause',
        replace: 'if (inTurn >= 100_000) await new Promise((resolve) => setImmediate(resolve));',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/routing/iterable-source.test.ts',
        names: ['lets everything else run'],
      },
    ],
  },
  {
    name: 'a source of tables that fails is said',
    without: 'a source that fails is followed in silence',
    edits: [
      {
        safeguard: 'a source of tables that fails is said',
        replace: 'run().catch(() => undefined);',
      },
    ],
    tests: [
      { file: 'packages/core/src/routing/iterable-source.test.ts', names: ['fails later is said'] },
    ],
  },
  {
    name: "a source of tables that can't be left",
    without: 'a source that can not be left keeps the broker from closing',
    edits: [
      { safeguard: "a source of tables that can't be left", replace: 'void tables.return?.();' },
    ],
    tests: [
      { file: 'packages/core/src/routing/iterable-source.test.ts', names: ['fails later is said'] },
    ],
  },
  {
    name: 'a generateId that throws',
    without: "an author's ids that throw make a place throw",
    edits: [{ safeguard: 'a generateId that throws', replace: 'id = given();' }],
    tests: [
      { file: 'packages/core/src/broker/mint-ids.test.ts', names: ['generateId that throws'] },
    ],
  },
  {
    name: 'a generateId that gives no id',
    without: 'a number is sent for an id',
    edits: [{ safeguard: 'a generateId that gives no id' }],
    tests: [
      {
        file: 'packages/core/src/broker/mint-ids.test.ts',
        names: ['generateId that gives a number'],
      },
    ],
  },
  {
    name: 'a generateId that repeats itself',
    without: "a second order takes the first one's place under the same id",
    edits: [{ safeguard: 'a generateId that repeats itself' }],
    tests: [
      { file: 'packages/core/src/broker/mint-ids.test.ts', names: ['repeats itself is none'] },
    ],
  },
  {
    name: 'a generateId that begins anew at every start',
    without: 'an order takes the place of one of days ago, under its id',
    edits: [
      { safeguard: 'a generateId that begins anew at every start', replace: 'return false;' },
    ],
    tests: [
      {
        file: 'packages/core/src/recovery/recovery.test.ts',
        names: ['begins anew at every start'],
      },
    ],
  },
  {
    name: 'a promise that nobody waits for is heeded',
    without: 'the failure of a promise that nobody waits for ends the process',
    edits: [{ safeguard: 'a promise that nobody waits for is heeded' }],
    tests: [
      { file: 'packages/core/src/broker/mint-ids.test.ts', names: ['no rejection goes astray'] },
      { file: 'packages/core/src/guests/guarded-clock.test.ts', names: ['that is promised'] },
    ],
  },
];
