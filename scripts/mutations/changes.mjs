// Cancels and modifies.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'withdrawal check',
    without: 'an order that was cancelled before it left still leaves',
    edits: [{ safeguard: 'withdrawal check' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/change-rows.test.ts',
        names: ['C04.*no further attempt starts'],
      },
    ],
  },
  {
    name: 'modifies one after the other',
    without: 'two modifies of one order are under way at once',
    edits: [{ safeguard: 'modifies one after the other' }],
    tests: [{ file: 'packages/system-tests/test/rows/change-rows.test.ts', names: ['M06'] }],
  },
  {
    name: 'changes of a killed process are taken up',
    without: 'a cancel that never left is forgotten, and its order works on',
    edits: [{ safeguard: 'changes of a killed process are taken up' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/place-settling.test.ts',
        names: ['P24.*of a cancel that never left', 'P24.*of a modify that arrived'],
      },
    ],
  },
];
