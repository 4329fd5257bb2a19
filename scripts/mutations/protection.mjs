// Stops and targets of an entry.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'alarm of a stop that is missing',
    without: 'an entry whose stop was refused is held without a word',
    edits: [{ safeguard: 'alarm of a stop that is missing', replace: 'return;' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/protection-regressions.test.ts',
        names: ['PR#51: an entry whose stop the venue refuses'],
      },
    ],
  },
  {
    name: 'legs follow the fills',
    without: 'a stop stays as large as the first part of its entry',
    edits: [{ safeguard: 'legs follow the fills', replace: 'return;' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/protection-regressions.test.ts',
        names: ['PR#51: an entry that fills in parts'],
      },
    ],
  },
];
