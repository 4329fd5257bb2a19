// Runtimes and operating systems that differ.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'a process that stood still is told from one that computed',
    without: 'a machine that slept with its monotonic clock going on, as on Windows and macOS, wakes with all its connections and a stream without a gap',
    edits: [{ safeguard: 'a process that stood still is told from one that computed', replace: 'const stood = false;' }],
    tests: [
      { file: 'packages/core/src/state/clock-watch.test.ts', names: ['as on Windows and macOS'] },
      { file: 'packages/core/src/state/venue-state.test.ts', names: ['as on Windows and macOS'] },
    ],
  },
  {
    name: 'a strategy that computes is not taken for a machine that slept',
    without: 'connections with good answers in the kernel are reset',
    edits: [{ safeguard: 'a process that stood still is told from one that computed', replace: 'const stood = idleMs - everyMs > longestLateMs;' }],
    tests: [{ file: 'packages/core/src/state/clock-watch.test.ts', names: ['computed for a minute has not slept'] }],
  },
  {
    name: 'time in which a machine slept proves nothing',
    without: 'an order counts as looked for all through a night in which nobody looked',
    edits: [{ safeguard: 'time in which a machine slept proves nothing', replace: 'const stepMs = Math.max(0, begunAt - this.#since);' }],
    tests: [{ file: 'packages/core/src/outcomes/absence.test.ts', names: ['the machine slept between two lookups'] }],
  },
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
