// What the kernel and the wire still hold.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'a connection that has rested is looked at before a write',
    without: 'what had come on an idle connection is taken for the answer to the next order',
    edits: [
      {
        safeguard: 'a connection that has rested is looked at before a write',
        replace: 'if (false) {',
      },
    ],
    tests: [
      {
        file: 'packages/executor-fast/src/stray-answers.test.ts',
        names: ['HTTP.*by the descriptor.* in the kernel at the call'],
      },
    ],
  },
  {
    name: 'reset, fast executor',
    without: 'a connection without an answer is ended, and its kernel goes on delivering',
    edits: [{ safeguard: 'reset, fast executor', replace: 'else raw.destroy();' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/place-sending.test.ts',
        names: ['over fast first.*P07 no answer after the request was written is unknown$'],
      },
    ],
  },
  {
    name: 'reset, fallback executor',
    without: 'the same over fetch',
    edits: [{ safeguard: 'reset, fallback executor', replace: 'else raw.destroy();' }],
    tests: [
      {
        file: 'packages/system-tests/test/rows/place-sending.test.ts',
        names: ['over fallback first.*P07 no answer after the request was written is unknown$'],
      },
    ],
  },
  {
    name: 'reset after a sleep',
    without: 'what a kernel held while the machine slept is delivered when it wakes',
    edits: [{ safeguard: 'reset after a sleep' }],
    tests: [
      {
        file: 'packages/core/src/state/venue-gaps.test.ts',
        names: ['is what a sleeping machine had'],
      },
    ],
  },
];
