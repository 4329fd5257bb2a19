// Runtimes and operating systems that differ.

/** @type {readonly import('../mutation-list.mjs').Mutation[]} */
export const mutations = [
  {
    name: 'a file that somebody holds on Windows is waited for',
    without: 'a virus scanner that looks at the file of sent signals keeps the bot from starting',
    edits: [
      {
        safeguard: 'a file that somebody holds on Windows is waited for',
        replace: 'if (tries > 0) throw error;',
      },
    ],
    tests: [
      {
        file: 'packages/host-backtest-kit/src/line-file.test.ts',
        names: ['is waited for on Windows'],
      },
    ],
  },
  {
    name: 'only a file is read',
    without: 'a pipe or a folder in the place of a routing table is an empty table',
    edits: [{ safeguard: 'only a file is read' }],
    tests: [
      { file: 'packages/core/src/routing/routing-file.test.ts', names: ['it has become a pipe'] },
    ],
  },
  {
    name: "a pipe in a file's place is not waited for",
    without:
      'the start and every later look at the routing table wait for a pipe that nobody writes to',
    edits: [
      {
        safeguard: "a pipe in a file's place is not waited for",
        replace: "const file = await open(path, 'r');",
      },
    ],
    tests: [
      { file: 'packages/core/src/routing/routing-file.test.ts', names: ['it has become a pipe'] },
    ],
  },
  {
    name: 'what is too large to be meant is not read',
    without: 'a hundred megabytes are read again every second',
    edits: [{ safeguard: 'what is too large to be meant is not read' }],
    tests: [
      { file: 'packages/core/src/routing/routing-file.test.ts', names: ['a hundred megabytes'] },
    ],
  },
  {
    name: 'a read of the routing table that hangs is said',
    without: 'nobody learns that edits of the routing table are not seen any more',
    edits: [
      {
        safeguard: 'a read of the routing table that hangs is said',
        replace: 'const late = { cancel: () => {} };',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/routing/routing-file.test.ts',
        names: ['a disk does not answer, reads no second time'],
      },
    ],
  },
  {
    name: 'a process that stood still is told from one that computed',
    without:
      'a machine that slept with its monotonic clock going on, as on Windows and macOS, wakes with all its connections and a stream without a gap',
    edits: [
      {
        safeguard: 'a process that stood still is told from one that computed',
        replace: 'const stood = false;',
      },
    ],
    tests: [
      { file: 'packages/core/src/state/clock-watch.test.ts', names: ['as on Windows and macOS'] },
      { file: 'packages/core/src/state/venue-gaps.test.ts', names: ['as on Windows and macOS'] },
    ],
  },
  {
    name: 'a strategy that computes is not taken for a machine that slept',
    without: 'connections with good answers in the kernel are reset',
    edits: [
      {
        safeguard: 'a process that stood still is told from one that computed',
        replace: 'const stood = idleMs - everyMs > longestLateMs;',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/state/clock-watch.test.ts',
        names: ['computed for a minute has not slept'],
      },
    ],
  },
  {
    name: 'time in which a machine slept proves nothing',
    without: 'an order counts as looked for all through a night in which nobody looked',
    edits: [
      {
        safeguard: 'time in which a machine slept proves nothing',
        replace: 'const stepMs = Math.max(0, begunAt - this.#since);',
      },
    ],
    tests: [
      {
        file: 'packages/core/src/outcomes/absence.test.ts',
        names: ['the machine slept between two lookups'],
      },
    ],
  },
  {
    name: 'without a descriptor an order waits for a poll',
    without: 'an order is written on a connection that may hold the answer to another',
    edits: [
      { safeguard: 'without a descriptor an order waits for a poll', replace: 'if (false) {' },
    ],
    tests: [
      {
        file: 'packages/executor-fast/src/stray-answers.test.ts',
        names: ['HTTP.*without a descriptor.* in the kernel at the call'],
      },
    ],
  },
  {
    name: 'it is said that there is no descriptor',
    without: 'the executor promises to write in the tick of the call, and does not',
    edits: [{ safeguard: 'it is said that there is no descriptor' }],
    tests: [
      {
        file: 'packages/executor-fast/src/without-descriptor.test.ts',
        names: ['says in its state, and once in the log'],
      },
    ],
  },
];
