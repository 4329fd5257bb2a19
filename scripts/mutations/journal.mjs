// The journal and its lock.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'half a line of sent signals is taken back',
    without: 'the next line stands behind half of one, and the file is damaged',
    edits: [{ safeguard: 'half a line of sent signals is taken back' }],
    tests: [{ file: 'packages/host-backtest-kit/src/line-file.test.ts', names: ['for which the disk had no room'] }],
  },
  {
    name: 'torn last line',
    without: 'the next line is written behind half of one',
    edits: [{ safeguard: 'torn last line' }],
    tests: [{ file: 'packages/system-tests/test/rows/journal-rows.test.ts', names: ['J02'] }],
  },
  {
    name: 'lock of the account',
    without: 'two brokers trade one account',
    edits: [{ safeguard: 'lock of the account', replace: 'const server = await listenOn(`${path}-${process.hrtime.bigint()}`);' }],
    tests: [{ file: 'packages/system-tests/test/rows/journal-rows.test.ts', names: ['J04'] }],
  },
];
