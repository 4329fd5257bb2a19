// What stands beside the order path: loggers, options, plugins and listeners of the author's.

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
    edits: [{ safeguard: 'the console logger does not throw', replace: 'writeLine(process.stderr, lineOf(own, fields, message), failed);' }],
    tests: [{ file: 'packages/core/src/guarded-log.test.ts', names: ['tells what it could not write'] }],
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
    tests: [{ file: 'packages/gateway-sim/src/gateway-options.test.ts', names: ['rejects ends no gateway'] }],
  },
  {
    name: 'unknown names are refused',
    without: 'an option under a misspelt name is dropped without a word',
    edits: [{ safeguard: 'unknown names are refused' }],
    tests: [{ file: 'packages/core/src/broker/broker-options.test.ts', names: ['riskLimits.*refused by name'] }],
  },
  {
    name: 'hours without a span',
    without: 'hours that begin and end at one time are taken, and refuse every entry',
    edits: [{ safeguard: 'hours without a span' }],
    tests: [{ file: 'packages/core/src/broker/broker-options.test.ts', names: ['hours from 17:00'] }],
  },
  {
    name: 'limits under a name that counts nothing are refused',
    without: "a limit under a month's name is taken, and holds for nothing",
    edits: [{ safeguard: 'limits under a name that counts nothing are refused' }],
    tests: [{ file: 'packages/core/src/broker/broker-options.test.ts', names: ['no order is counted under'] }],
  },
];
