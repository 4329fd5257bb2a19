// Runtimes and operating systems that differ.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'without a descriptor an order waits for a poll',
    without: 'an order is written on a connection that may hold the answer to another',
    edits: [{ safeguard: 'without a descriptor an order waits for a poll', replace: 'if (false) {' }],
    tests: [{ file: 'packages/executor-fast/src/stray-answers.test.ts', names: ['HTTP.*without a descriptor.* in the kernel at the call'] }],
  },
  {
    name: 'it is said that there is no descriptor',
    without: 'the executor promises to write in the tick of the call, and does not',
    edits: [{ safeguard: 'it is said that there is no descriptor' }],
    tests: [{ file: 'packages/executor-fast/src/without-descriptor.test.ts', names: ['says in its state, and once in the log'] }],
  },
];
